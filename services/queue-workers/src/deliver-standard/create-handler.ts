import { createFunction } from '@posthorn/platform';
import { toBatchResponse, toReceivedJobs } from '@posthorn/queues';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { FunctionHost } from '../function-host.ts';
import { createRunJobs } from '../run-jobs.ts';
import { createDeliverStandard } from './deliver-standard.ts';
import { loadDeliverStandardDeps } from './deps.ts';

export function createHandler(host: FunctionHost) {
  const { deps, sendToDeadLetters, log, counters } = loadDeliverStandardDeps(host);
  const deliver = createDeliverStandard(deps);
  const runJobs = createRunJobs({ sendToDeadLetters, log, counters });

  return createFunction<SQSEvent, SQSBatchResponse>({ log, counters }, async (event) =>
    toBatchResponse(await runJobs(toReceivedJobs(event), deliver)),
  );
}
