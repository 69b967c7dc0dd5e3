import { createDynamoClient } from '@posthorn/models/client';
import { createDueDeliveryRepository } from '@posthorn/models/due-deliveries';
import { createLog, readConfiguration, systemClock, text } from '@posthorn/platform';
import { createDeliveriesQueue, createQueueClient } from '@posthorn/queues';
import type { ReleaseDueDeliveriesDeps } from './release-due-deliveries.ts';

export function loadReleaseDueDeliveriesDeps(environment: NodeJS.ProcessEnv) {
  const { stage } = readConfiguration({ stage: ['POSTHORN_STAGE', text] }, environment);
  const dueDeliveries = createDueDeliveryRepository({ client: createDynamoClient(), stage });
  const deps: Omit<ReleaseDueDeliveriesDeps, 'counters'> = {
    listDue: dueDeliveries.listDue,
    deleteDue: dueDeliveries.delete,
    sendStandard: createDeliveriesQueue({ client: createQueueClient(), stage }).sendStandard,
    clock: systemClock,
    log: createLog('release-due-deliveries'),
  };
  return deps;
}
