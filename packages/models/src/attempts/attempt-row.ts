import { type Attempt, type AttemptRetention, type FactAttempt, firstAttemptIdOf, shardOf } from '@posthorn/core';
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
import { rowBytes } from '../rows/row-size.ts';
import { tableDefinitions } from '../table-definitions.ts';
import { readNext, toNextAttributes } from './next-attributes.ts';

/** The attempts of an endpoint are spread over this many partitions. */
const attemptShards = 16;

const shardPartition = (endpointId: string, shard: number): string => `${endpointId}#${shard}`;

/** Every partition that can have attempts of the endpoint. */
export const attemptPartitions = (endpointId: string): readonly string[] =>
  Array.from({ length: attemptShards }, (_, shard) => shardPartition(endpointId, shard));

export const endpointOfPartition = (partition: string): string => partition.slice(0, partition.indexOf('#'));

export const attemptKey = ({ endpointId, attemptId }: Pick<Attempt, 'endpointId' | 'attemptId'>) => ({
  partition: shardPartition(endpointId, shardOf(attemptId, attemptShards)),
  attemptId,
});

/** @param deflateFrom - shorter responses are stored as they are */
export function toAttemptRow(attempt: Attempt, retention: AttemptRetention, deflateFrom?: number): Row {
  const row = toRowWithoutResponse(attempt, retention);
  const otherBytes = rowBytes({ ...row, response: '' });
  return { ...row, response: packText(attempt.response, { otherBytes, deflateFrom }) };
}

const toRowWithoutResponse = (attempt: Attempt, retention: AttemptRetention): Row => ({
  ...attemptKey(attempt),
  [isFoundByKey(attempt) ? 'message' : 'messageId']: attempt.messageId,
  org: attempt.organisationId,
  app: attempt.applicationId,
  number: attempt.attemptNumber,
  trigger: attempt.trigger,
  status: attempt.status,
  url: attempt.url,
  code: attempt.responseStatusCode,
  ms: attempt.responseDurationMs,
  at: attempt.attemptedAt.toISOString(),
  ...toNextAttributes(attempt),
  type: attempt.eventType,
  channels: unlessEmpty(attempt.channels),
  eventId: attempt.eventId,
  expiresAt: toEpochSeconds(expiryOfAttempt(attempt, retention)),
});

/**
 * Whether an attempt needs no row in the index `byMessage`, because its key follows from the ids of its message and its
 * endpoint. A row with the attribute `messageId` is in the index, a row with `message` is not. So the index has the rows
 * that no key leads to: retries, manual attempts, first attempts at another time, and everything that an earlier version
 * recorded. Failures stay in it too: earlier versions look for the attribute when they continue them.
 */
const isFoundByKey = (attempt: Attempt): boolean =>
  attempt.status === 'succeeded' && attempt.attemptNumber === 1 && attempt.attemptId === firstAttemptIdOf(attempt);

export const isInIndex = (row: Row): boolean => row.messageId !== undefined;

const messageOf = (row: Row): string => textOf(row, isInIndex(row) ? 'messageId' : 'message');

/** The attributes of a row but the answer's body and `end`. The index has all of them but `message`. */
export const attributesWithoutResponse = [
  'partition',
  'attemptId',
  'messageId',
  'message',
  ...tableDefinitions.attempts.indexes.byMessage.attributes,
] as const;

/** An attempt. Its `response` is empty if the row was read without it. */
export function readAttempt(row: Row): Attempt {
  return {
    ...readFactAttempt(row),
    url: textOf(row, 'url'),
    response: ifPresent(row, 'response', unpackText) ?? '',
    responseDurationMs: numberOf(row, 'ms'),
    eventType: textOf(row, 'type'),
    channels: textsOf(row, 'channels'),
  };
}

/** The part of an attempt that its facts are derived from. */
export function readFactAttempt(row: Row): FactAttempt {
  return {
    organisationId: textOf(row, 'org'),
    applicationId: textOf(row, 'app'),
    messageId: messageOf(row),
    endpointId: endpointOfPartition(textOf(row, 'partition')),
    attemptId: textOf(row, 'attemptId'),
    attemptNumber: numberOf(row, 'number'),
    trigger: oneOf(row, 'trigger', ['scheduled', 'manual']),
    status: attemptStatusOf(row),
    responseStatusCode: numberOf(row, 'code'),
    attemptedAt: instantOf(row, 'at'),
    next: readNext(row),
    ...withoutAbsent({ eventId: ifPresent(row, 'eventId', textOf) }),
  };
}

export const attemptStatusOf = (row: Row): Attempt['status'] => oneOf(row, 'status', ['succeeded', 'failed']);

const expiryOfAttempt = ({ status, attemptedAt }: Attempt, { successDays, failureDays }: AttemptRetention): Date =>
  daysAfter(attemptedAt, status === 'succeeded' ? successDays : failureDays);
