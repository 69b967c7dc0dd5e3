import { decodeEndpointRecords } from '@posthorn/models/endpoint-changes';
import { createFunction } from '@posthorn/platform';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { FunctionHost } from '../function-host.ts';
import { createStreamHandler } from '../stream-batch.ts';
import { createActOnChange } from './act-on-change.ts';
import { loadActOnChangeDeps } from './deps.ts';

export function createHandler(host: FunctionHost) {
  const deps = loadActOnChangeDeps(host);

  return createFunction<DynamoDBStreamEvent, DynamoDBBatchResponse>(
    deps,
    createStreamHandler(decodeEndpointRecords, createActOnChange(deps)),
  );
}
