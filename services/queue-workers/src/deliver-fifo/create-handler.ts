import { attemptTimeoutMs, throttlePatienceMs, transformPatienceMs } from '@posthorn/core';
import { createFunction } from '@posthorn/platform';
import { toBatchResponse, toReceivedJobs } from '@posthorn/queues';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { FunctionHost } from '../function-host.ts';
import { createGuardBatch, type RunBatch } from '../guard-batch.ts';
import { loadDeliverFifoDeps } from './deps.ts';
import { createRunGroupJobs } from './run-group-jobs.ts';

/** The time that an attempt needs beside its turn, its code and the exchange itself, for its reads and writes. */
const marginMs = 5_000;
const neededMs = throttlePatienceMs + transformPatienceMs + attemptTimeoutMs + marginMs;

export function createHandler(host: FunctionHost) {
  const { deps, guard, log, counters } = loadDeliverFifoDeps(host);
  const guardBatch = createGuardBatch(guard);
  const runGroupJobs = createRunGroupJobs(deps);

  return createFunction<SQSEvent, SQSBatchResponse>({ log, counters }, async (event, context) => {
    const hasTime = () => context.getRemainingTimeInMillis() >= neededMs;
    const run: RunBatch = (jobs, doomed) => runGroupJobs(jobs, hasTime, doomed);
    return toBatchResponse(await guardBatch(toReceivedJobs(event), run));
  });
}
