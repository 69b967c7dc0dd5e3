import type { AttributeValue, _Record as StreamRecord } from '@aws-sdk/client-dynamodb-streams';
import type { Json, JsonObject } from '../json.ts';

/** A change: the record for the function, and what the mapping needs to keep the order and its position. */
export interface Change {
  readonly sequenceNumber: string;
  /** The keys of the item as text. Changes with the same text stay in order. */
  readonly key: string;
  readonly arrivedAt: Date;
  readonly sizeBytes: number;
  readonly record: JsonObject;
}

export interface StreamIdentity {
  readonly arn: string;
  readonly region: string;
}

/**
 * Converts a stream record to a record of Lambda's DynamoDB event. Binary values become base64; the time is in seconds.
 */
export function toChange(source: StreamRecord, { arn, region }: StreamIdentity): Change {
  const { Keys, NewImage, OldImage, SequenceNumber = '', SizeBytes = 0, StreamViewType } = source.dynamodb ?? {};
  const arrivedAt = source.dynamodb?.ApproximateCreationDateTime ?? new Date(0);
  const record = {
    eventID: source.eventID ?? '',
    eventName: source.eventName ?? '',
    eventVersion: source.eventVersion ?? '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: region,
    dynamodb: {
      ApproximateCreationDateTime: arrivedAt.getTime() / 1000,
      ...(Keys && { Keys: toImage(Keys) }),
      ...(NewImage && { NewImage: toImage(NewImage) }),
      ...(OldImage && { OldImage: toImage(OldImage) }),
      SequenceNumber,
      SizeBytes,
      StreamViewType: StreamViewType ?? '',
    },
    eventSourceARN: arn,
    ...(source.userIdentity && { userIdentity: toUserIdentity(source.userIdentity) }),
  };
  return {
    sequenceNumber: SequenceNumber,
    key: JSON.stringify(record.dynamodb.Keys ?? {}),
    arrivedAt,
    sizeBytes: SizeBytes,
    record,
  };
}

const toUserIdentity = ({ PrincipalId, Type }: NonNullable<StreamRecord['userIdentity']>): JsonObject => ({
  principalId: PrincipalId,
  type: Type,
});

const toImage = (image: Record<string, AttributeValue>): JsonObject =>
  Object.fromEntries(Object.entries(image).map(([name, value]) => [name, toJsonValue(value)]));

function toJsonValue(value: AttributeValue): Json {
  if (value.B !== undefined) return { B: toBase64(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(toBase64) };
  if (value.M !== undefined) return { M: toImage(value.M) };
  if (value.L !== undefined) return { L: value.L.map(toJsonValue) };
  // The other types contain only text, lists of text or a boolean, which are already JSON.
  return { ...value } as JsonObject;
}

const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
