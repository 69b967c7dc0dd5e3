import { type DecodedRecord, type RecordPlace, type RowChange, reasonOf, UnusableData } from '@posthorn/core';
import {
  type AttemptsTableRow,
  type MessagesTableRow,
  readAttemptImage,
  readMessageImage,
  type StreamImage,
} from './stream-images.ts';

/** A stream record in Lambda's event. */
export interface StreamRecord {
  readonly eventName?: string | undefined;
  readonly eventSourceARN?: string | undefined;
  readonly userIdentity?: { readonly principalId?: unknown; readonly type?: unknown } | undefined;
  readonly dynamodb?:
    | {
        /** Seconds since 1970. */
        readonly ApproximateCreationDateTime?: number | undefined;
        readonly Keys?: StreamImage | undefined;
        readonly NewImage?: StreamImage | undefined;
        readonly OldImage?: StreamImage | undefined;
        readonly SequenceNumber?: string | undefined;
        readonly StreamViewType?: string | undefined;
      }
    | undefined;
}

/**
 * Decodes a record of a table's stream. The result is `undecodable` if `readRow` throws or if a required field is
 * missing. This function never throws.
 *
 * @param readRow - reads the new and the old image of a row
 */
export function decodeRecord<Row>(record: StreamRecord, readRow: (image: StreamImage) => Row): DecodedRecord<Row> {
  const place = placeOf(record);
  try {
    return { kind: 'change', place, change: toChange(record, readRow) };
  } catch (error) {
    return { kind: 'undecodable', place, reason: reasonOf(error) };
  }
}

/** Decodes records of the messages table's stream. */
export const decodeMessageRecords = (records: readonly StreamRecord[]): readonly DecodedRecord<MessagesTableRow>[] =>
  records.map((record) => decodeRecord(record, readMessageImage));

/** Decodes records of the attempts table's stream. */
export const decodeAttemptRecords = (records: readonly StreamRecord[]): readonly DecodedRecord<AttemptsTableRow>[] =>
  records.map((record) => decodeRecord(record, readAttemptImage));

function toChange<Row>(
  { eventName, userIdentity, dynamodb = {} }: StreamRecord,
  readRow: (image: StreamImage) => Row,
): RowChange<Row> {
  const { SequenceNumber: sequenceNumber, ApproximateCreationDateTime: seconds, NewImage, OldImage } = dynamodb;
  const head = {
    sequenceNumber: present(sequenceNumber, 'SequenceNumber'),
    changedAt: new Date(present(seconds, 'ApproximateCreationDateTime') * 1000),
  };
  const readNew = () => readRow(present(NewImage, 'NewImage'));
  const readOld = () => readRow(present(OldImage, 'OldImage'));
  switch (eventName) {
    case 'INSERT':
      return { ...head, kind: 'inserted', new: readNew() };
    case 'MODIFY':
      return { ...head, kind: 'updated', old: readOld(), new: readNew() };
    case 'REMOVE':
      return { ...head, kind: 'removed', old: readOld(), by: isTimeToLive(userIdentity) ? 'expiry' : 'request' };
    default:
      throw new UnusableData('stream record has an unknown eventName');
  }
}

/** A removal by the table's time to live is marked with this identity. */
const isTimeToLive = (identity: StreamRecord['userIdentity']): boolean =>
  identity?.type === 'Service' && identity.principalId === 'dynamodb.amazonaws.com';

function present<Value>(value: Value | undefined, field: string): Value {
  if (value === undefined) throw new UnusableData(`stream record has no ${field}`);
  return value;
}

/** The place, as far as the record has it: a record without a place can still be set aside. */
const placeOf = ({ eventSourceARN = '', dynamodb = {} }: StreamRecord): RecordPlace => ({
  table: /:table\/([^/]+)\//.exec(eventSourceARN)?.[1] ?? '',
  key: Object.fromEntries(
    Object.entries(dynamodb.Keys ?? {}).map(([name, { S, N, B }]) => [
      name,
      S ?? N ?? (typeof B === 'string' ? B : ''),
    ]),
  ),
  sequenceNumber: dynamodb.SequenceNumber ?? '',
});
