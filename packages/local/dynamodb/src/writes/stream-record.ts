import { itemSize } from '../items/item-size.ts';
import { keyOf } from '../schema/table.ts';
import { toSequenceNumber } from '../streams/stream.ts';
import type { StoredRecord } from '../streams/stream-record.ts';
import { type ItemChange, type StreamPlace, sizeOfNext, sizeOfOld } from './item-change.ts';

const timeToLiveService = { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' } as const;

export interface PlannedRecord {
  readonly record: StoredRecord;
  /** The record as it is stored. */
  readonly text: string;
}

/**
 * Plans the stream record of a change.
 *
 * @param nextText - the new item as JSON. It is put into the text as it is, because the same text is stored in the row of
 *   the item.
 */
export function planRecord(change: ItemChange, place: StreamPlace, nextText: string | undefined): PlannedRecord {
  const { old, next } = change;
  const { stream, sequence, at } = place;
  const Keys = keyOf(next ?? old ?? {}, stream.keySchema);
  const shows = (image: 'NEW_IMAGE' | 'OLD_IMAGE') =>
    stream.viewType === image || stream.viewType === 'NEW_AND_OLD_IMAGES';
  const newImage = shows('NEW_IMAGE') ? next : undefined;
  const oldImage = shows('OLD_IMAGE') ? old : undefined;
  const ApproximateCreationDateTime = Math.floor(at / 1_000);
  const end = {
    SequenceNumber: toSequenceNumber(sequence),
    SizeBytes: itemSize(Keys) + (newImage ? sizeOfNext(change) : 0) + (oldImage ? sizeOfOld(change) : 0),
    StreamViewType: stream.viewType,
  };
  const start = {
    eventName: old === undefined ? 'INSERT' : next === undefined ? 'REMOVE' : 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    ...(change.isExpiry ? { userIdentity: timeToLiveService } : {}),
  } as const;
  const images = { ...(newImage && { NewImage: newImage }), ...(oldImage && { OldImage: oldImage }) };
  const newText = newImage ? `,"NewImage":${nextText}` : '';
  const oldText = oldImage ? `,"OldImage":${JSON.stringify(oldImage)}` : '';
  const inner = `"ApproximateCreationDateTime":${ApproximateCreationDateTime},"Keys":${JSON.stringify(Keys)}${newText}${oldText}`;
  return {
    record: { ...start, dynamodb: { ApproximateCreationDateTime, Keys, ...images, ...end } },
    text: `{"at":${at},"record":${withMember(JSON.stringify(start), `"dynamodb":${withMember(`{${inner}}`, membersOf(end))}`)}}`,
  };
}

const membersOf = (object: object): string => JSON.stringify(object).slice(1, -1);
const withMember = (object: string, members: string): string => `${object.slice(0, -1)},${members}}`;
