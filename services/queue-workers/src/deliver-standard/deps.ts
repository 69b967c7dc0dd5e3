import { createMakeAttempt } from '@posthorn/delivering';
import { createDueDeliveryRepository } from '@posthorn/models/due-deliveries';
import { systemClock } from '@posthorn/platform';
import { createDeliveriesQueue, createReceivedJobs } from '@posthorn/queues';
import { loadAttemptDeps } from '../attempt-deps.ts';
import type { FunctionHost } from '../function-host.ts';
import type { DeliverStandardDeps } from './deliver-standard.ts';

const queueOf = { 'deliver-standard': 'deliveries', 'deliver-slow': 'deliveries-slow' } as const;

/** The worker of the standard queue, or the one of the queue for slow endpoints. */
export type StandardWorker = 'deliver-standard' | 'deliver-slow';

export function loadDeliverStandardDeps(host: FunctionHost, worker: StandardWorker) {
  const { stage, client, log, counters, ...attempt } = loadAttemptDeps(worker, host);
  const queueClient = host.queues;
  const deps: DeliverStandardDeps = {
    makeAttempt: createMakeAttempt(attempt.deps),
    disableEndpoint: attempt.disableEndpoint,
    sendStandard: createDeliveriesQueue({ client: queueClient, stage }).sendStandard,
    insertDue: createDueDeliveryRepository({ client, stage }).insert,
    clock: systemClock,
  };
  const { sendToDeadLetters } = createReceivedJobs({ client: queueClient, stage, queue: queueOf[worker] });
  return { deps, sendToDeadLetters, log, counters };
}
