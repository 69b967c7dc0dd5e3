import { keyOf } from '../schema/table.ts';
import { toSequenceNumber } from '../streams/stream.ts';
import type { Item } from '../values.ts';
import type { ItemChange, StreamPlace } from './item-change.ts';
import { itemSize } from './item-size.ts';

/** A stream record in a response of GetRecords. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventVersion: '1.1';
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly userIdentity?: { readonly Type: 'Service'; readonly PrincipalId: 'dynamodb.amazonaws.com' };
  readonly dynamodb: {
    /** Seconds since 1970. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: string;
  };
}

/** Returns a record as it is stored: JSON without the region and event id, which are added when it is read. */
export function toStoredRecord(change: ItemChange, { stream, sequence, at }: StreamPlace): string {
  const { old, next } = change;
  const Keys = keyOf(next ?? old ?? {}, stream.keySchema);
  const shows = (image: 'NEW_IMAGE' | 'OLD_IMAGE') =>
    stream.viewType === image || stream.viewType === 'NEW_AND_OLD_IMAGES';
  const images = {
    ...(next && shows('NEW_IMAGE') ? { NewImage: next } : {}),
    ...(old && shows('OLD_IMAGE') ? { OldImage: old } : {}),
  };
  const record: Omit<StreamRecord, 'awsRegion' | 'eventID'> = {
    eventName: old === undefined ? 'INSERT' : next === undefined ? 'REMOVE' : 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    ...(change.isExpiry ? { userIdentity: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' } } : {}),
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(at / 1_000),
      Keys,
      ...images,
      SequenceNumber: toSequenceNumber(sequence),
      SizeBytes: [Keys, ...Object.values(images)].reduce((sum, image) => sum + itemSize(image), 0),
      StreamViewType: stream.viewType,
    },
  };
  return JSON.stringify({ at, record });
}
