import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { createAttemptInOrder } from '@posthorn/delivering';
import { createHasEndpoint } from '@posthorn/models/endpoint-reads';
import { createParkedGroupRepository } from '@posthorn/models/parked-groups';
import { createDeliveriesQueue, createReceivedJobs } from '@posthorn/queues';
import { loadAttemptDeps } from '../attempt-deps.ts';
import type { FunctionHost } from '../function-host.ts';
import type { GuardBatchDeps } from '../guard-batch.ts';
import type { RunGroupJobsDeps } from './run-group-jobs.ts';
import { createWasAccepted } from './was-accepted.ts';

/** `randomInt` returns numbers below this. Two of them are never the same within one group. */
const epochs = 2 ** 48 - 1;

/** Waits, but no longer than until the signal aborts. */
const sleep: RunGroupJobsDeps['sleep'] = (ms, signal) =>
  wait(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });

export function loadDeliverFifoDeps(host: FunctionHost) {
  const { stage, client, log, counters, deliveries, retention, ...attempt } = loadAttemptDeps('deliver-fifo', host);
  const { clock } = attempt.deps;
  const jobs = createReceivedJobs({ client: host.queues, stage, queue: 'deliveries.fifo' });
  const wasAccepted = createWasAccepted({ listAttempts: attempt.listAttempts, clock });
  const deps: RunGroupJobsDeps = {
    attemptInOrder: createAttemptInOrder({
      ...attempt.deps,
      findDelivery: deliveries.find,
      deleteEnded: deliveries.deleteEnded,
      wasAccepted,
    }),
    findMessage: attempt.deps.findMessage,
    planAgain: attempt.planAgain,
    hasEndpoint: createHasEndpoint({ client, stage }),
    groups: createParkedGroupRepository({ client, stage, retention }),
    storeDelivery: deliveries.put,
    disableEndpoint: attempt.disableEndpoint,
    sendWakes: createDeliveriesQueue({ client: host.queues, stage }).sendWakes,
    sendToDeadLetters: jobs.sendToDeadLetters,
    holdBack: jobs.holdBack,
    finish: jobs.finish,
    sleep,
    newEpoch: () => randomInt(epochs),
    clock,
    log,
    counters,
  };
  const guard: GuardBatchDeps = { jobRuns: attempt.jobRuns, holdBack: jobs.holdBack, clock, log };
  return { deps, guard, log, counters };
}
