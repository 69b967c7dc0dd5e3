import { decodeMessageRecords } from '@posthorn/models/stream-records';
import { createFunction } from '@posthorn/platform';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { FunctionHost } from '../function-host.ts';
import { createStreamHandler } from '../stream-batch.ts';
import { loadFanOutDeps } from './deps.ts';
import { createFanOut } from './fan-out.ts';

export function createHandler(host: FunctionHost) {
  const deps = loadFanOutDeps(host);

  return createFunction<DynamoDBStreamEvent, DynamoDBBatchResponse>(
    deps,
    createStreamHandler(decodeMessageRecords, createFanOut(deps)),
  );
}
