import { defaultAttemptRetention } from '@posthorn/core';
import { createDeliveryRepository } from '@posthorn/models/deliveries';
import { createDueDeliveryRepository } from '@posthorn/models/due-deliveries';
import { countOr, createLog, readConfiguration, systemClock, text } from '@posthorn/platform';
import { createDeliveriesQueue, createReceivedJobs } from '@posthorn/queues';
import type { FunctionHost } from '../function-host.ts';
import type { ReleaseDueDeliveriesDeps } from './release-due-deliveries.ts';

export function loadReleaseDueDeliveriesDeps(host: FunctionHost) {
  const { stage, successDays, failureDays } = readConfiguration(
    {
      stage: ['POSTHORN_STAGE', text],
      successDays: ['POSTHORN_SUCCESS_RETENTION_DAYS', countOr(defaultAttemptRetention.successDays)],
      failureDays: ['POSTHORN_FAILURE_RETENTION_DAYS', countOr(defaultAttemptRetention.failureDays)],
    },
    host.environment,
  );
  const retention = { successDays, failureDays };
  const dueDeliveries = createDueDeliveryRepository({ client: host.tables, stage });
  const client = host.queues;
  const queue = createDeliveriesQueue({ client, stage });
  const deps: Omit<ReleaseDueDeliveriesDeps, 'counters'> = {
    listDue: dueDeliveries.listDue,
    deleteDue: dueDeliveries.delete,
    deleteWakes: dueDeliveries.deleteWakes,
    deleteUnreadable: dueDeliveries.deleteUnreadable,
    sendStandard: queue.sendStandard,
    sendWakes: queue.sendWakes,
    sendToDeadLetters: createReceivedJobs({ client, stage, queue: 'deliveries' }).sendToDeadLetters,
    storeDelivery: createDeliveryRepository({ client: host.tables, stage, retention }).put,
    clock: systemClock,
    log: createLog('release-due-deliveries'),
  };
  return deps;
}
