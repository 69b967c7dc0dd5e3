/** What requests that are signed with a limited key may do: everything, except with the tables of others. */
export interface Rights {
  /** Whether a table with this name belongs to others, also if it does not exist. */
  readonly isForbidden: (tableName: string) => boolean;
  /** Forbidden tables into which single items may be put, alone or in a transaction. */
  readonly putOnly: ReadonlySet<string>;
  /** A sentence for refusals: why the table is forbidden, and what to do instead. */
  readonly reason: string;
}

/** The rights of the key that signed a request. */
export interface LimitedAccess {
  readonly keyId: string;
  readonly rights: Rights;
}
