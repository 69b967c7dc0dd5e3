import { createContinueDelivery } from '@posthorn/delivering';
import { createReceivedJobs } from '@posthorn/queues';
import { loadAttemptDeps } from '../attempt-deps.ts';
import type { FunctionHost } from '../function-host.ts';
import type { DeliverFifoDeps } from './deliver-fifo.ts';

export function loadDeliverFifoDeps(host: FunctionHost) {
  const { stage, log, counters, ...attempt } = loadAttemptDeps('deliver-fifo', host);
  const { holdBack, sendToDeadLetters } = createReceivedJobs({
    client: host.queues,
    stage,
    queue: 'deliveries.fifo',
  });
  const deps: DeliverFifoDeps = {
    continueDelivery: createContinueDelivery(attempt.deps),
    storeDelivery: attempt.deliveries.put,
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
