import { createListForFanOut } from '@posthorn/models/endpoint-reads';
import { createMessageRepository } from '@posthorn/models/messages';
import { createLog, systemClock } from '@posthorn/platform';
import { createDeliveriesQueue, createSetAside } from '@posthorn/queues';
import { readTriggerConfiguration } from '../configuration.ts';
import type { FunctionHost } from '../function-host.ts';

export function loadFanOutDeps(host: FunctionHost) {
  const { stage } = readTriggerConfiguration(host.environment);
  const client = host.tables;
  const queues = { client: host.queues, stage };
  return {
    listEndpoints: createListForFanOut({ client, stage }),
    findMessage: createMessageRepository({ client, stage }).find,
    queue: createDeliveriesQueue(queues),
    setAside: createSetAside(queues),
    clock: systemClock,
    log: createLog('on-message-inserted'),
    counters: host.createCounters('on-message-inserted'),
  };
}
