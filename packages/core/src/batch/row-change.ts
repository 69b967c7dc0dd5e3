/** One change of a row, as its table's stream reports it. */
export type RowChange<Row> = {
  /** Decimal digits, of any length. They grow within one partition key of the table. */
  readonly sequenceNumber: string;
  /** When the row was changed, to about a second. */
  readonly changedAt: Date;
} & (
  | { readonly kind: 'inserted'; readonly new: Row }
  | { readonly kind: 'updated'; readonly old: Row; readonly new: Row }
  /** `expiry`: the table's time to live removed it. `request`: a program did. */
  | { readonly kind: 'removed'; readonly old: Row; readonly by: 'expiry' | 'request' }
);

/** Which record of which stream: ids only, so it can be logged and queued. */
export interface RecordPlace {
  /** The table's name. */
  readonly table: string;
  /** The row's key attributes. */
  readonly key: Readonly<Record<string, string>>;
  readonly sequenceNumber: string;
}

/** A stream record after decoding. One that cannot be decoded is a value, so that it fails no other record. */
export type DecodedRecord<Row> =
  | { readonly kind: 'change'; readonly place: RecordPlace; readonly change: RowChange<Row> }
  | { readonly kind: 'undecodable'; readonly place: RecordPlace; readonly reason: string };
