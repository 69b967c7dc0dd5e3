import { createFunction } from '@posthorn/platform';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { FunctionHost } from '../function-host.ts';
import { createStreamHandler } from '../stream-batch.ts';
import { createAcceptChanges } from './accept-changes.ts';
import { loadAcceptChangesDeps } from './deps.ts';
import { decodeItemRecords } from './item-records.ts';

export function createHandler(host: FunctionHost) {
  const deps = loadAcceptChangesDeps(host);
  return createFunction<DynamoDBStreamEvent, DynamoDBBatchResponse>(
    deps,
    createStreamHandler(decodeItemRecords, createAcceptChanges(deps)),
  );
}
