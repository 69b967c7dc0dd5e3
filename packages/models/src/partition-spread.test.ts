import { createHash } from 'node:crypto';
import { attemptIdOf, createMessageId, defaultAttemptRetention, idEntropyBytes } from '@posthorn/core';
import { aDelivery, aStoredDelivery, ids, secondsLater } from '@posthorn/testing';
import { attemptKey } from './attempts/attempt-row.ts';
import { toDeliveryRow } from './deliveries/delivery-row.ts';
import { messageKey } from './messages/message-row.ts';

const messagesPerSecond = 10_000;
const seconds = 10;
/** DynamoDB's limit for one partition: write units per second. */
const partitionUnits = 1_000;

/** Entropy that looks random and is the same in every run. */
const entropyOf = (number: number): Uint8Array =>
  createHash('sha256').update(`message ${number}`).digest().subarray(0, idEntropyBytes);

/** The messages of one application, by the second in which they are accepted. */
const messageIds = Array.from({ length: seconds }, (_, second) =>
  Array.from({ length: messagesPerSecond }, (__, number) =>
    createMessageId(secondsLater(second), entropyOf(second * messagesPerSecond + number), 'sharded'),
  ),
);

const messagePartition = (messageId: string): string =>
  messageKey({ applicationId: ids.application, messageId }).partition;

const attemptPartition = (messageId: string): string => {
  const delivery = aDelivery({ messageId });
  return attemptKey({ endpointId: delivery.endpointId, attemptId: attemptIdOf(delivery) }).partition;
};

const stored = (messageId: string) => {
  const delivery = aStoredDelivery({ state: 'held', reason: 'endpoint-failing' }, { messageId });
  return toDeliveryRow(delivery, defaultAttemptRetention);
};

/** The number of rows in the busiest partition. */
function busiest(partitions: readonly string[]): number {
  const counts = Object.values(Object.groupBy(partitions, (partition) => partition)).map((rows) => rows?.length ?? 0);
  return Math.max(...counts);
}

const busiestOfAll = (partitionOf: (messageId: string) => string): number =>
  busiest(messageIds.flat().map(partitionOf));
const busiestSecond = (partitionOf: (messageId: string) => string): number =>
  Math.max(...messageIds.map((accepted) => busiest(accepted.map(partitionOf))));

it('spreads 100,000 messages over 32 partitions, the busiest within 5 % of the mean', () => {
  expect(busiestOfAll(messagePartition) / ((messagesPerSecond * seconds) / 32)).toBeLessThan(1.05);
});

it('keeps every partition below its limit at 10,000 messages of 1 KB a second', () => {
  expect(busiestSecond(messagePartition) * 2).toBeLessThan(0.8 * partitionUnits);
});

it('keeps every partition below its limit at 10,000 attempts a second to one endpoint', () => {
  expect(busiestSecond(attemptPartition)).toBeLessThan(0.8 * partitionUnits);
});

it.each(['line', 'state'] as const)(
  'keeps every partition below its limit at 10,000 deliveries a second that wait for one endpoint: %s',
  (key) => {
    expect(busiestSecond((messageId) => String(stored(messageId)[key]))).toBeLessThan(0.8 * partitionUnits);
  },
);
