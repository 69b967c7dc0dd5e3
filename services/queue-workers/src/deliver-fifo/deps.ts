import { createContinueDelivery } from '@posthorn/delivering';
import { createQueueClient, createReceivedJobs } from '@posthorn/queues';
import { loadAttemptDeps } from '../attempt-deps.ts';
import { callLimits } from '../time-limits.ts';
import type { DeliverFifoDeps } from './deliver-fifo.ts';

export function loadDeliverFifoDeps(environment: NodeJS.ProcessEnv) {
  const { stage, log, counters, ...attempt } = loadAttemptDeps('deliver-fifo', environment);
  const { holdBack, sendToDeadLetters } = createReceivedJobs({
    client: createQueueClient(callLimits),
    stage,
    queue: 'deliveries.fifo',
  });
  const deps: DeliverFifoDeps = {
    continueDelivery: createContinueDelivery(attempt.deps),
    listAttempts: attempt.listAttempts,
    findEndpoint: attempt.deps.findEndpoint,
    disableEndpoint: attempt.disableEndpoint,
    holdBack,
    sendToDeadLetters,
    clock: attempt.deps.clock,
    log,
  };
  return { deps, log, counters };
}
