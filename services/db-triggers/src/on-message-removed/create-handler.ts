import { decodeMessageRemovals } from '@posthorn/models/message-remains';
import { createFunction } from '@posthorn/platform';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { FunctionHost } from '../function-host.ts';
import { createStreamHandler } from '../stream-batch.ts';
import { loadRemoveRemainsDeps } from './deps.ts';
import { createRemoveRemains } from './remove-remains.ts';

export function createHandler(host: FunctionHost) {
  const deps = loadRemoveRemainsDeps(host);

  return createFunction<DynamoDBStreamEvent, DynamoDBBatchResponse>(
    deps,
    createStreamHandler(decodeMessageRemovals, createRemoveRemains(deps)),
  );
}
