import { createFunction } from '@posthorn/platform';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { toBatchResponse, toInsertedRecord } from '../stream-batch.ts';
import { createCountAttempts } from './count-attempts.ts';
import { loadCountAttemptsDeps } from './deps.ts';

const { deps, log, counters } = loadCountAttemptsDeps(process.env);
const countAttempts = createCountAttempts(deps);

/** An error fails the whole batch: it is bisected and run again until the record that it comes from stands alone. */
export const handler = createFunction<DynamoDBStreamEvent, DynamoDBBatchResponse>(
  { log, counters },
  async ({ Records }) => {
    await countAttempts(Records.map(toInsertedRecord));
    return toBatchResponse(undefined);
  },
);
