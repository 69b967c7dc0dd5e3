import { createDueDeliveryRepository } from '@posthorn/models/due-deliveries';
import { createLog, readConfiguration, systemClock, text } from '@posthorn/platform';
import { createDeliveriesQueue, createReceivedJobs } from '@posthorn/queues';
import type { FunctionHost } from '../function-host.ts';
import type { ReleaseDueDeliveriesDeps } from './release-due-deliveries.ts';

export function loadReleaseDueDeliveriesDeps(host: FunctionHost) {
  const { stage } = readConfiguration({ stage: ['POSTHORN_STAGE', text] }, host.environment);
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
    clock: systemClock,
    log: createLog('release-due-deliveries'),
  };
  return deps;
}
