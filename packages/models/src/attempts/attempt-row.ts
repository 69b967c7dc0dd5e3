import { type Attempt, shardOf } from '@posthorn/core';
import { daysAfter, toEpochSeconds } from '../rows/expiry.ts';
import { packText, unpackText } from '../rows/packed-text.ts';
import {
  ifPresent,
  instantOf,
  numberOf,
  oneOf,
  type Row,
  textOf,
  textsOf,
  unlessEmpty,
  withoutAbsent,
} from '../rows/row.ts';
import { tableDefinitions } from '../table-definitions.ts';

/** Over how many partitions an endpoint's attempts are spread. */
const attemptShards = 16;

/** How long attempts are kept. */
export interface AttemptRetention {
  readonly successDays: number;
  readonly failureDays: number;
}

const shardPartition = (endpointId: string, shard: number): string => `${endpointId}#${shard}`;

/** Every partition that has attempts at the endpoint. */
export const attemptPartitions = (endpointId: string): readonly string[] =>
  Array.from({ length: attemptShards }, (_, shard) => shardPartition(endpointId, shard));

export const endpointOfPartition = (partition: string): string => partition.slice(0, partition.indexOf('#'));

export const attemptKey = ({ endpointId, attemptId }: Pick<Attempt, 'endpointId' | 'attemptId'>) => ({
  partition: shardPartition(endpointId, shardOf(attemptId, attemptShards)),
  attemptId,
});

export const toAttemptRow = (attempt: Attempt, retention: AttemptRetention): Row => ({
  ...attemptKey(attempt),
  messageId: attempt.messageId,
  org: attempt.organisationId,
  app: attempt.applicationId,
  number: attempt.attemptNumber,
  trigger: attempt.trigger,
  status: attempt.status,
  url: attempt.url,
  code: attempt.responseStatusCode,
  ms: attempt.responseDurationMs,
  at: attempt.attemptedAt.toISOString(),
  next: attempt.nextAttemptAt?.toISOString(),
  type: attempt.eventType,
  channels: unlessEmpty(attempt.channels),
  expiresAt: toEpochSeconds(expiryOfAttempt(attempt, retention)),
  response: packText(attempt.response),
});

/** Every attribute of a row but the answer's body: what the index carries. */
export const attributesWithoutResponse = [
  'partition',
  'attemptId',
  'messageId',
  ...tableDefinitions.attempts.indexes.byMessage.attributes,
] as const;

/** An attempt, whose `response` is empty when the row was read without it. */
export function readAttempt(row: Row): Attempt {
  return {
    organisationId: textOf(row, 'org'),
    applicationId: textOf(row, 'app'),
    messageId: textOf(row, 'messageId'),
    endpointId: endpointOfPartition(textOf(row, 'partition')),
    attemptId: textOf(row, 'attemptId'),
    attemptNumber: numberOf(row, 'number'),
    trigger: oneOf(row, 'trigger', ['scheduled', 'manual']),
    status: attemptStatusOf(row),
    url: textOf(row, 'url'),
    responseStatusCode: numberOf(row, 'code'),
    response: ifPresent(row, 'response', unpackText) ?? '',
    responseDurationMs: numberOf(row, 'ms'),
    attemptedAt: instantOf(row, 'at'),
    ...withoutAbsent({ nextAttemptAt: ifPresent(row, 'next', instantOf) }),
    eventType: textOf(row, 'type'),
    channels: textsOf(row, 'channels'),
  };
}

export const attemptStatusOf = (row: Row): Attempt['status'] => oneOf(row, 'status', ['succeeded', 'failed']);

const expiryOfAttempt = ({ status, attemptedAt }: Attempt, { successDays, failureDays }: AttemptRetention): Date =>
  daysAfter(attemptedAt, status === 'succeeded' ? successDays : failureDays);
