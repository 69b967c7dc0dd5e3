import { createDynamoClient } from '@posthorn/models/client';
import { createDueDeliveryRepository } from '@posthorn/models/due-deliveries';
import { createLog, readConfiguration, systemClock, text } from '@posthorn/platform';
import { createDeliveriesQueue, createQueueClient, createReceivedJobs } from '@posthorn/queues';
import { callLimits } from '../time-limits.ts';
import type { ReleaseDueDeliveriesDeps } from './release-due-deliveries.ts';

export function loadReleaseDueDeliveriesDeps(environment: NodeJS.ProcessEnv) {
  const { stage } = readConfiguration({ stage: ['POSTHORN_STAGE', text] }, environment);
  const dueDeliveries = createDueDeliveryRepository({ client: createDynamoClient(callLimits), stage });
  const client = createQueueClient(callLimits);
  const deps: Omit<ReleaseDueDeliveriesDeps, 'counters'> = {
    listDue: dueDeliveries.listDue,
    deleteDue: dueDeliveries.delete,
    deleteUnreadable: dueDeliveries.deleteUnreadable,
    sendStandard: createDeliveriesQueue({ client, stage }).sendStandard,
    sendToDeadLetters: createReceivedJobs({ client, stage, queue: 'deliveries' }).sendToDeadLetters,
    clock: systemClock,
    log: createLog('release-due-deliveries'),
  };
  return deps;
}
