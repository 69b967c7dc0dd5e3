import { createFunction } from '@posthorn/platform';
import { toBatchResponse, toReceivedJobs } from '@posthorn/queues';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createRunJobs } from '../run-jobs.ts';
import { createDeliverStandard } from './deliver-standard.ts';
import { loadDeliverStandardDeps } from './deps.ts';

const { deps, sendToDeadLetters, log, counters } = loadDeliverStandardDeps(process.env);
const deliver = createDeliverStandard(deps);
const runJobs = createRunJobs({ sendToDeadLetters, log, counters });

export const handler = createFunction<SQSEvent, SQSBatchResponse>({ log, counters }, async (event) =>
  toBatchResponse(await runJobs(toReceivedJobs(event), deliver)),
);
