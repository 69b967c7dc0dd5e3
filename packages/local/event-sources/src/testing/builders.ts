import type { QueueMapping, StreamMapping } from '../mapping.ts';
import type { QueueMessage } from '../queue/queue-record.ts';
import type { Change } from '../stream/stream-record.ts';

export const aQueueMapping = (overrides: Partial<QueueMapping> = {}): QueueMapping => ({
  kind: 'queue',
  functionKey: 'handle',
  queueName: 'jobs',
  batchSize: 10,
  windowSeconds: 0,
  reportFailures: true,
  filterPatterns: [],
  maximumConcurrency: 5,
  ...overrides,
});

export const aStreamMapping = (overrides: Partial<StreamMapping> = {}): StreamMapping => ({
  kind: 'stream',
  functionKey: 'follow',
  tableName: 'items',
  batchSize: 100,
  windowSeconds: 0,
  reportFailures: true,
  filterPatterns: [],
  startingPosition: 'TRIM_HORIZON',
  parallelizationFactor: 1,
  bisectBatchOnFunctionError: false,
  maximumRetryAttempts: -1,
  maximumRecordAgeInSeconds: -1,
  ...overrides,
});

export function aMessage(
  messageId: string,
  overrides: { readonly groupId?: string; readonly body?: string } = {},
): QueueMessage {
  const { groupId, body = '{}' } = overrides;
  const record = { messageId, receiptHandle: `handle-${messageId}`, body, eventSource: 'aws:sqs' };
  return { messageId, receiptHandle: record.receiptHandle, record, ...(groupId === undefined ? {} : { groupId }) };
}

export const aChange = (sequenceNumber: string, overrides: Partial<Change> = {}): Change => ({
  sequenceNumber,
  key: `{"id":{"S":"${sequenceNumber}"}}`,
  arrivedAt: new Date('2026-01-01T00:00:00Z'),
  sizeBytes: 100,
  record: { dynamodb: { SequenceNumber: sequenceNumber } },
  ...overrides,
});
