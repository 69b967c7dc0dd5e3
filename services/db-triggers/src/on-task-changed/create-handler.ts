import { decodeTaskRecords } from '@posthorn/models/tasks';
import { createFunction } from '@posthorn/platform';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { FunctionHost } from '../function-host.ts';
import { createStreamHandler } from '../stream-batch.ts';
import { createActOnTask } from './act-on-task.ts';
import { loadActOnTaskDeps } from './deps.ts';

export function createHandler(host: FunctionHost) {
  const deps = loadActOnTaskDeps(host);

  return createFunction<DynamoDBStreamEvent, DynamoDBBatchResponse>(
    deps,
    createStreamHandler(decodeTaskRecords, createActOnTask(deps)),
  );
}
