import { createFunction } from '@posthorn/platform';
import { toBatchResponse, toReceivedJobs } from '@posthorn/queues';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { FunctionHost } from '../function-host.ts';
import { createRunJobs, refuseWake } from '../run-jobs.ts';
import { createDeliverStandard } from './deliver-standard.ts';
import { loadDeliverStandardDeps, type StandardWorker } from './deps.ts';
import { createForwardWake } from './forward-wake.ts';

export const createHandler = (host: FunctionHost) => createStandardHandler(host, 'deliver-standard');

export function createStandardHandler(host: FunctionHost, worker: StandardWorker) {
  const { deps, sendToDeadLetters, log, counters } = loadDeliverStandardDeps(host, worker);
  const wake = worker === 'deliver-slow' ? refuseWake : createForwardWake(deps);
  const run = { delivery: createDeliverStandard(deps), wake };
  const runJobs = createRunJobs({ sendToDeadLetters, log, counters });

  return createFunction<SQSEvent, SQSBatchResponse>({ log, counters }, async (event) =>
    toBatchResponse(await runJobs(toReceivedJobs(event), run)),
  );
}
