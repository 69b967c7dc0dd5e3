import type { Change } from './stream-record.ts';

export interface GivenUp {
  readonly changes: readonly [Change, ...Change[]];
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  /** How often the function was invoked with these changes. */
  readonly invokeCount: number;
  readonly functionKey: string;
  readonly shardId: string;
  readonly streamArn: string;
  readonly requestId: string;
  readonly now: Date;
}

/**
 * Returns the notice that Lambda sends to an on-failure destination. It has the position of the changes, not their
 * content.
 */
export function toFailureNotice(given: GivenUp) {
  const { changes, invokeCount, functionKey, streamArn, now } = given;
  const [, , , region = '', account = ''] = streamArn.split(':');
  const first = changes[0];
  const last = changes.at(-1) ?? first;
  return {
    requestContext: {
      requestId: given.requestId,
      functionArn: `arn:aws:lambda:${region}:${account}:function:${functionKey}:$LATEST`,
      condition: given.condition,
      approximateInvokeCount: invokeCount,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: now.toISOString(),
    DDBStreamBatchInfo: {
      shardId: given.shardId,
      startSequenceNumber: first.sequenceNumber,
      endSequenceNumber: last.sequenceNumber,
      approximateArrivalOfFirstRecord: toSeconds(first.arrivedAt),
      approximateArrivalOfLastRecord: toSeconds(last.arrivedAt),
      batchSize: changes.length,
      streamArn,
    },
  };
}

const toSeconds = (instant: Date): string => instant.toISOString().replace(/\.\d+Z$/, 'Z');
