import { decodeTaskRecords } from '@posthorn/models/tasks';
import { createFunction } from '@posthorn/platform';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { FunctionHost } from '../function-host.ts';
import { createStreamHandler } from '../stream-batch.ts';
import { loadSendSliceDeps } from './deps.ts';
import { createSendSlice } from './send-slice.ts';

export function createHandler(host: FunctionHost) {
  const deps = loadSendSliceDeps(host);

  return createFunction<DynamoDBStreamEvent, DynamoDBBatchResponse>(
    deps,
    createStreamHandler(decodeTaskRecords, createSendSlice(deps)),
  );
}
