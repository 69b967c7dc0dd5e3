import { decodeAttemptRecords } from '@posthorn/models/stream-records';
import { createFunction } from '@posthorn/platform';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { createStreamHandler } from '../stream-batch.ts';
import { createCountAttempts } from './count-attempts.ts';
import { loadCountAttemptsDeps } from './deps.ts';

const deps = loadCountAttemptsDeps(process.env);

export const handler = createFunction<DynamoDBStreamEvent, DynamoDBBatchResponse>(
  deps,
  createStreamHandler(decodeAttemptRecords, createCountAttempts(deps)),
);
