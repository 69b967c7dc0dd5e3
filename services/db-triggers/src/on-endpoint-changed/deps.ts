import { createDueDeliveryRepository } from '@posthorn/models/due-deliveries';
import { createListWaitingRetries } from '@posthorn/models/waiting-retries';
import { createLog, systemClock } from '@posthorn/platform';
import { createSetAside } from '@posthorn/queues';
import { readTriggerConfiguration } from '../configuration.ts';
import type { FunctionHost } from '../function-host.ts';
import type { ActOnChangeDeps } from './act-on-change.ts';

export function loadActOnChangeDeps(host: FunctionHost) {
  const { stage } = readTriggerConfiguration(host.environment);
  const store = { client: host.tables, stage };
  const dueDeliveries = createDueDeliveryRepository(store);
  return {
    listWaitingRetries: createListWaitingRetries(store),
    deleteDue: dueDeliveries.delete,
    insertWake: dueDeliveries.insertWake,
    clock: systemClock,
    setAside: createSetAside({ client: host.queues, stage }),
    log: createLog('on-endpoint-changed'),
    counters: host.createCounters('on-endpoint-changed'),
  } satisfies ActOnChangeDeps;
}
