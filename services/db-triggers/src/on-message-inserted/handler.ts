import { createFunction } from '@posthorn/platform';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { toBatchResponse, toInsertedRecord } from '../stream-batch.ts';
import { loadFanOutDeps } from './deps.ts';
import { createFanOut } from './fan-out.ts';

const { deps, log, counters } = loadFanOutDeps(process.env);
const fanOut = createFanOut(deps);

export const handler = createFunction<DynamoDBStreamEvent, DynamoDBBatchResponse>(
  { log, counters },
  async ({ Records }) => toBatchResponse(await fanOut(Records.map(toInsertedRecord))),
);
