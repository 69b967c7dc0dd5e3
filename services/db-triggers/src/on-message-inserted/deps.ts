import { createDynamoClient } from '@posthorn/models/client';
import { createListForFanOut } from '@posthorn/models/endpoint-reads';
import { createMessageRepository } from '@posthorn/models/messages';
import { createCounters, createLog, systemClock } from '@posthorn/platform';
import { createDeliveriesQueue, createQueueClient } from '@posthorn/queues';
import { readTriggerConfiguration } from '../configuration.ts';
import type { FanOutDeps } from './fan-out.ts';

export function loadFanOutDeps(environment: NodeJS.ProcessEnv) {
  const { stage } = readTriggerConfiguration(environment);
  const client = createDynamoClient();
  const log = createLog('on-message-inserted');
  const counters = createCounters('on-message-inserted');
  const deps: FanOutDeps = {
    listEndpoints: createListForFanOut({ client, stage }),
    findMessage: createMessageRepository({ client, stage }).find,
    queue: createDeliveriesQueue({ client: createQueueClient(), stage }),
    clock: systemClock,
    log,
    counters,
  };
  return { deps, log, counters };
}
