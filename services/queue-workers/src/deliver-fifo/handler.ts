import { attemptTimeoutMs } from '@posthorn/core';
import { createFunction } from '@posthorn/platform';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createRunJobs } from '../run-jobs.ts';
import { createDeliverFifo } from './deliver-fifo.ts';
import { loadDeliverFifoDeps } from './deps.ts';

/** What an attempt may take beside the exchange itself: its reads and its record. */
const marginMs = 2_000;

const { deps, log, counters } = loadDeliverFifoDeps(process.env);
const deliver = createDeliverFifo(deps);
const release = (job: Parameters<typeof deps.holdBack>[0]) => deps.holdBack(job, 0);
const runJobs = createRunJobs({ sendToDeadLetters: deps.sendToDeadLetters, release, log });

/** Attempts of one group follow each other, so there may be no time left for the later ones: they go back at once. */
export const handler = createFunction<SQSEvent, SQSBatchResponse>({ log, counters }, ({ Records }, context) =>
  runJobs(Records, async (job) => {
    if (context.getRemainingTimeInMillis() >= attemptTimeoutMs + marginMs) return deliver(job);
    await release(job.job);
    return 'held';
  }),
);
