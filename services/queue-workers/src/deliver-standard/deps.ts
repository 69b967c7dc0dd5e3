import { mayAttempt } from '@posthorn/core';
import { createMakeAttempt } from '@posthorn/delivering';
import { createParkedGroupRepository } from '@posthorn/models/parked-groups';
import { systemClock } from '@posthorn/platform';
import { createReceivedJobs } from '@posthorn/queues';
import { loadAttemptDeps } from '../attempt-deps.ts';
import type { EndSetAsideDeps } from '../end-set-aside.ts';
import type { FunctionHost } from '../function-host.ts';
import type { GuardBatchDeps } from '../guard-batch.ts';
import type { WakeEndpointDeps } from '../wake-endpoint/wake-endpoint.ts';
import type { DeliverStandardDeps } from './deliver-standard.ts';
import type { ForwardWakeDeps } from './forward-wake.ts';
import type { SweepGroupsDeps } from './sweep-groups.ts';
import { createUnblockGroups } from './unblock-groups.ts';

const queueOf = { 'deliver-standard': 'deliveries', 'deliver-slow': 'deliveries-slow' } as const;

/** The worker of the standard queue, or the one of the queue for slow endpoints. */
export type StandardWorker = 'deliver-standard' | 'deliver-slow';

export function loadDeliverStandardDeps(host: FunctionHost, worker: StandardWorker) {
  const { stage, log, counters, queue, dueDeliveries, deliveries, ...attempt } = loadAttemptDeps(worker, host);
  const { findEndpoint } = attempt.deps;
  const groups = createParkedGroupRepository({ client: attempt.client, stage });
  const deliver: DeliverStandardDeps = {
    makeAttempt: createMakeAttempt(attempt.deps),
    disableEndpoint: attempt.disableEndpoint,
    deliveries,
    // What a worker plans for later comes back to its own queue.
    sendStandard: worker === 'deliver-slow' ? queue.sendSlow : queue.sendStandard,
    sendSlow: queue.sendSlow,
    insertDue: dueDeliveries.insert,
    isHeld: async (delivery) => {
      const endpoint = await findEndpoint(delivery.applicationId, delivery.endpointId);
      if (!endpoint || endpoint.disabled) return false;
      return mayAttempt(endpoint.health, delivery, systemClock()).kind === 'hold';
    },
    unblockGroups: createUnblockGroups({ listGroupsOf: groups.listGroupsOf, sendCommands: queue.sendCommands }),
    planAgain: attempt.planAgain,
    clock: systemClock,
  };
  const deps: DeliverStandardDeps & ForwardWakeDeps & WakeEndpointDeps & SweepGroupsDeps & EndSetAsideDeps = {
    ...deliver,
    storeDelivery: deliveries.put,
    findDelivery: deliveries.find,
    listGroups: groups.listOfEndpoint,
    sendCommands: queue.sendCommands,
    sendSweep: queue.sendSweep,
    sendWakes: queue.sendWakes,
    findEndpoint,
    hasApplication: attempt.hasApplication,
    listDeliveries: deliveries.list,
    findDeliveries: deliveries.findAll,
    moveOn: deliveries.moveOn,
    replaceHealth: attempt.replaceHealth,
    planWake: attempt.planWake,
    insertWake: dueDeliveries.insertWake,
    deleteDue: dueDeliveries.delete,
    deleteWakes: dueDeliveries.deleteWakes,
    log,
    counters,
  };
  const { sendToDeadLetters, holdBack } = createReceivedJobs({ client: host.queues, stage, queue: queueOf[worker] });
  const guard: GuardBatchDeps = { jobRuns: attempt.jobRuns, holdBack, clock: systemClock, log };
  return { deps, sendToDeadLetters, holdBack, guard, log, counters };
}
