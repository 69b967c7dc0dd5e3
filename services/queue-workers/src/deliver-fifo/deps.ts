import { randomInt } from 'node:crypto';
import { createAttemptInOrder } from '@posthorn/delivering';
import { createParkedGroupRepository } from '@posthorn/models/parked-groups';
import { createDeliveriesQueue, createReceivedJobs } from '@posthorn/queues';
import { loadAttemptDeps } from '../attempt-deps.ts';
import type { FunctionHost } from '../function-host.ts';
import type { RunGroupDeps } from './run-group.ts';
import { createWasAccepted } from './was-accepted.ts';

/** `randomInt` returns numbers below this. Two of them are never the same within one group. */
const epochs = 2 ** 48 - 1;

export function loadDeliverFifoDeps(host: FunctionHost) {
  const { stage, client, log, counters, deliveries, retention, ...attempt } = loadAttemptDeps('deliver-fifo', host);
  const { clock } = attempt.deps;
  const jobs = createReceivedJobs({ client: host.queues, stage, queue: 'deliveries.fifo' });
  const wasAccepted = createWasAccepted({ listAttempts: attempt.listAttempts, clock });
  const deps: RunGroupDeps = {
    attemptInOrder: createAttemptInOrder({
      ...attempt.deps,
      findDelivery: deliveries.find,
      deleteEnded: deliveries.deleteEnded,
      wasAccepted,
    }),
    groups: createParkedGroupRepository({ client, stage, retention }),
    storeDelivery: deliveries.put,
    disableEndpoint: attempt.disableEndpoint,
    sendWakes: createDeliveriesQueue({ client: host.queues, stage }).sendWakes,
    sendToDeadLetters: jobs.sendToDeadLetters,
    newEpoch: () => randomInt(epochs),
    clock,
    log,
    counters,
  };
  return { deps, holdBack: jobs.holdBack, log, counters };
}
