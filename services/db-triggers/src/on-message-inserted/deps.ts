import { createDeliveryRepository } from '@posthorn/models/deliveries';
import { createListForFanOut } from '@posthorn/models/endpoint-reads';
import { createMessageRepository } from '@posthorn/models/messages';
import { createLog, systemClock } from '@posthorn/platform';
import { createDeliveriesQueue, createSetAside } from '@posthorn/queues';
import { readTriggerConfiguration } from '../configuration.ts';
import type { FunctionHost } from '../function-host.ts';
import { createSetAsideWithReceipt } from './set-aside-with-receipt.ts';

export function loadFanOutDeps(host: FunctionHost) {
  const { stage, successRetentionDays, failureRetentionDays } = readTriggerConfiguration(host.environment);
  const client = host.tables;
  const queues = { client: host.queues, stage };
  const retention = { successDays: successRetentionDays, failureDays: failureRetentionDays };
  const storeDelivery = createDeliveryRepository({ client, stage, retention }).put;
  const log = createLog('on-message-inserted');
  return {
    listEndpoints: createListForFanOut({ client, stage }),
    findMessage: createMessageRepository({ client, stage }).find,
    queue: createDeliveriesQueue(queues),
    setAside: createSetAsideWithReceipt(createSetAside(queues), { storeDelivery, clock: systemClock, log }),
    clock: systemClock,
    log,
    counters: host.createCounters('on-message-inserted'),
  };
}
