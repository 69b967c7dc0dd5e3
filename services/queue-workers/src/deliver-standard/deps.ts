import { createMakeAttempt } from '@posthorn/delivering';
import { createDueDeliveryRepository } from '@posthorn/models/due-deliveries';
import { systemClock } from '@posthorn/platform';
import { createDeliveriesQueue, createReceivedJobs } from '@posthorn/queues';
import { loadAttemptDeps } from '../attempt-deps.ts';
import type { FunctionHost } from '../function-host.ts';
import type { DeliverStandardDeps } from './deliver-standard.ts';
import type { ForwardWakeDeps } from './forward-wake.ts';

const queueOf = { 'deliver-standard': 'deliveries', 'deliver-slow': 'deliveries-slow' } as const;

/** The worker of the standard queue, or the one of the queue for slow endpoints. */
export type StandardWorker = 'deliver-standard' | 'deliver-slow';

export function loadDeliverStandardDeps(host: FunctionHost, worker: StandardWorker) {
  const { stage, client, log, counters, ...attempt } = loadAttemptDeps(worker, host);
  const queueClient = host.queues;
  const queue = createDeliveriesQueue({ client: queueClient, stage });
  const deps: DeliverStandardDeps & ForwardWakeDeps = {
    makeAttempt: createMakeAttempt(attempt.deps),
    disableEndpoint: attempt.disableEndpoint,
    deliveries: attempt.deliveries,
    // What a worker plans for later comes back to its own queue.
    sendStandard: worker === 'deliver-slow' ? queue.sendSlow : queue.sendStandard,
    sendSlow: queue.sendSlow,
    sendWakes: queue.sendWakes,
    insertDue: createDueDeliveryRepository({ client, stage }).insert,
    clock: systemClock,
  };
  const { sendToDeadLetters } = createReceivedJobs({ client: queueClient, stage, queue: queueOf[worker] });
  return { deps, sendToDeadLetters, log, counters };
}
