import { decodeAttemptRecords } from '@posthorn/models/stream-records';
import { createFunction } from '@posthorn/platform';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { FunctionHost } from '../function-host.ts';
import { createStreamHandler } from '../stream-batch.ts';
import { createActOnAttempts } from './act-on-attempts.ts';
import { loadActOnAttemptsDeps } from './deps.ts';

export function createHandler(host: FunctionHost) {
  const deps = loadActOnAttemptsDeps(host);

  return createFunction<DynamoDBStreamEvent, DynamoDBBatchResponse>(
    deps,
    createStreamHandler(decodeAttemptRecords, createActOnAttempts(deps)),
  );
}
