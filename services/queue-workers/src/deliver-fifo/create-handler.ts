import { attemptTimeoutMs, throttlePatienceMs } from '@posthorn/core';
import { createFunction } from '@posthorn/platform';
import { type ReceivedJob, toBatchResponse, toReceivedJobs } from '@posthorn/queues';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { FunctionHost } from '../function-host.ts';
import { createRunJobs, type RunJob, refuseWake } from '../run-jobs.ts';
import { createDeliverFifo } from './deliver-fifo.ts';
import { loadDeliverFifoDeps } from './deps.ts';

/** The time that an attempt needs beside its turn and the exchange itself, for its reads and its record. */
const marginMs = 2_000;

/** The jobs of a group run one after the other. If no time is left for a job, it goes back to the queue at once. */
export function createHandler(host: FunctionHost) {
  const { deps, log, counters } = loadDeliverFifoDeps(host);
  const deliver = createDeliverFifo(deps);
  const release = (job: ReceivedJob) => deps.holdBack(job, 0);
  const runJobs = createRunJobs({ sendToDeadLetters: deps.sendToDeadLetters, release, log, counters });

  return createFunction<SQSEvent, SQSBatchResponse>({ log, counters }, async (event, context) => {
    const inTime: RunJob = async (job) => {
      if (context.getRemainingTimeInMillis() >= throttlePatienceMs + attemptTimeoutMs + marginMs) return deliver(job);
      await release(job.job);
      return 'held';
    };
    const returned = await runJobs(toReceivedJobs(event), { delivery: inTime, wake: refuseWake });
    return toBatchResponse(returned);
  });
}
