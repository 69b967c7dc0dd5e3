import type { Item } from '../values.ts';

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

/** A record as it is stored, as JSON with the time of its change. The region and event id are added when it is read. */
export type StoredRecord = Omit<StreamRecord, 'awsRegion' | 'eventID'>;

/** Returns a record as a reader gets it. Its id is the same for every read. */
export const toStreamRecord = (
  record: StoredRecord,
  place: { readonly streamId: string; readonly sequence: number; readonly region: string },
): StreamRecord => ({
  ...record,
  awsRegion: place.region,
  eventID: `${place.streamId}${place.sequence.toString(16).padStart(26, '0')}`,
});
