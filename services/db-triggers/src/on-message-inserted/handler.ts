import { decodeMessageRecords } from '@posthorn/models/stream-records';
import { createFunction } from '@posthorn/platform';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { createStreamHandler } from '../stream-batch.ts';
import { loadFanOutDeps } from './deps.ts';
import { createFanOut } from './fan-out.ts';

const deps = loadFanOutDeps(process.env);

export const handler = createFunction<DynamoDBStreamEvent, DynamoDBBatchResponse>(
  deps,
  createStreamHandler(decodeMessageRecords, createFanOut(deps)),
);
