import { createFunction } from '@posthorn/platform';
import { toBatchResponse, toReceivedJobs } from '@posthorn/queues';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { FunctionHost } from '../function-host.ts';
import { createGuardBatch } from '../guard-batch.ts';
import { createRunJobs, type RunWake, refuseWake } from '../run-jobs.ts';
import { createWakeEndpoint } from '../wake-endpoint/wake-endpoint.ts';
import { createDeliverStandard } from './deliver-standard.ts';
import { loadDeliverStandardDeps, type StandardWorker } from './deps.ts';
import { createForwardWake } from './forward-wake.ts';
import { createSweepGroups } from './sweep-groups.ts';

export const createHandler = (host: FunctionHost) => createStandardHandler(host, 'deliver-standard');

export function createStandardHandler(host: FunctionHost, worker: StandardWorker) {
  const { deps, sendToDeadLetters, holdBack, guard, log, counters } = loadDeliverStandardDeps(host, worker);
  const wakeEndpoint = createWakeEndpoint(deps);
  const forwardWake = createForwardWake(deps);
  const wake: RunWake = async (job) => (job.wake.group === undefined ? wakeEndpoint(job) : forwardWake(job));
  const delivery = createDeliverStandard(deps);
  const run =
    worker === 'deliver-slow' ? { delivery, wake: refuseWake } : { delivery, wake, sweep: createSweepGroups(deps) };
  const guardBatch = createGuardBatch(guard);
  const runJobs = createRunJobs({
    ...deps,
    sendToDeadLetters,
    holdBack,
    jitter: Math.random,
  });

  return createFunction<SQSEvent, SQSBatchResponse>({ log, counters }, async (event) =>
    toBatchResponse(await guardBatch(toReceivedJobs(event), (jobs, doomed) => runJobs(jobs, run, doomed))),
  );
}
