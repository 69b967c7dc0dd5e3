import { defaultMessageRetentionDays } from '@posthorn/core';
import { createDeliveryRepository } from '@posthorn/models/deliveries';
import { createReadForFanOut } from '@posthorn/models/endpoint-reads';
import { createMessageLogRepository } from '@posthorn/models/message-log';
import { createMessageRepository } from '@posthorn/models/messages';
import { createLog, systemClock } from '@posthorn/platform';
import { createDeliveriesQueue, createSetAside } from '@posthorn/queues';
import { readTriggerConfiguration } from '../configuration.ts';
import type { FunctionHost } from '../function-host.ts';
import { createSetAsideWithReceipt } from './set-aside-with-receipt.ts';

export function loadFanOutDeps(host: FunctionHost) {
  const { stage, successRetentionDays, failureRetentionDays, messageRetentionDays } = readTriggerConfiguration(
    host.environment,
  );
  const client = host.tables;
  const queues = { client: host.queues, stage };
  const retention = { successDays: successRetentionDays, failureDays: failureRetentionDays };
  const storeDelivery = createDeliveryRepository({ client, stage, retention }).put;
  const log = createLog('on-message-inserted');
  return {
    readApplication: createReadForFanOut({ client, stage }),
    messageLog: createMessageLogRepository({ client, stage }),
    logNotices: host.logNotices,
    logDays: Math.max(messageRetentionDays, defaultMessageRetentionDays),
    findMessage: createMessageRepository({ client, stage }).find,
    queue: createDeliveriesQueue(queues),
    setAside: createSetAsideWithReceipt(createSetAside(queues), { storeDelivery, clock: systemClock, log }),
    clock: systemClock,
    log,
    counters: host.createCounters('on-message-inserted'),
  };
}
