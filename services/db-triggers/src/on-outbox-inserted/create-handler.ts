import { decodeOutboxRecords } from '@posthorn/models/outbox';
import { createFunction } from '@posthorn/platform';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { FunctionHost } from '../function-host.ts';
import { createStreamHandler } from '../stream-batch.ts';
import { createAcceptRows } from './accept-rows.ts';
import { loadAcceptRowsDeps } from './deps.ts';

export function createHandler(host: FunctionHost) {
  const deps = loadAcceptRowsDeps(host);

  return createFunction<DynamoDBStreamEvent, DynamoDBBatchResponse>(
    deps,
    createStreamHandler(decodeOutboxRecords, createAcceptRows(deps)),
  );
}
