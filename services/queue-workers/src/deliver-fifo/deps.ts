import { createQueueClient, createReceivedJobs } from '@posthorn/queues';
import { loadAttemptDeps } from '../make-attempt/deps.ts';
import type { DeliverFifoDeps } from './deliver-fifo.ts';

export function loadDeliverFifoDeps(environment: NodeJS.ProcessEnv) {
  const { stage, attempts, deps: own, makeAttempt, log, counters } = loadAttemptDeps('deliver-fifo', environment);
  const { holdBack, sendToDeadLetters } = createReceivedJobs({
    client: createQueueClient(),
    stage,
    queue: 'deliveries.fifo',
  });
  const deps: DeliverFifoDeps = {
    makeAttempt,
    findAttempt: attempts.find,
    listAttempts: attempts.listByMessage,
    findEndpoint: own.findEndpoint,
    holdBack,
    sendToDeadLetters,
    clock: own.clock,
    log,
  };
  return { deps, log, counters };
}
