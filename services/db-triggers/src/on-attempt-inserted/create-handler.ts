import { decodeAttemptRecords } from '@posthorn/models/stream-records';
import { createFunction } from '@posthorn/platform';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { FunctionHost } from '../function-host.ts';
import { createStreamHandler } from '../stream-batch.ts';
import { createCountAttempts } from './count-attempts.ts';
import { loadCountAttemptsDeps } from './deps.ts';

export function createHandler(host: FunctionHost) {
  const deps = loadCountAttemptsDeps(host);

  return createFunction<DynamoDBStreamEvent, DynamoDBBatchResponse>(
    deps,
    createStreamHandler(decodeAttemptRecords, createCountAttempts(deps)),
  );
}
