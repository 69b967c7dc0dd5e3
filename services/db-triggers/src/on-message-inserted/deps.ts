import { createDynamoClient } from '@posthorn/models/client';
import { createListForFanOut } from '@posthorn/models/endpoint-reads';
import { createMessageRepository } from '@posthorn/models/messages';
import { createCounters, createLog, systemClock } from '@posthorn/platform';
import { createDeliveriesQueue, createQueueClient, createSetAside } from '@posthorn/queues';
import { readTriggerConfiguration } from '../configuration.ts';
import { callLimits } from '../time-limits.ts';

export function loadFanOutDeps(environment: NodeJS.ProcessEnv) {
  const { stage } = readTriggerConfiguration(environment);
  const client = createDynamoClient(callLimits);
  const queues = { client: createQueueClient(callLimits), stage };
  return {
    listEndpoints: createListForFanOut({ client, stage }),
    findMessage: createMessageRepository({ client, stage }).find,
    queue: createDeliveriesQueue(queues),
    setAside: createSetAside(queues),
    clock: systemClock,
    log: createLog('on-message-inserted'),
    counters: createCounters('on-message-inserted'),
  };
}
