import { createPlanWake } from '@posthorn/delivering';
import { createDueDeliveryRepository } from '@posthorn/models/due-deliveries';
import { createLog, systemClock } from '@posthorn/platform';
import { createDeliveriesQueue, createSetAside } from '@posthorn/queues';
import { readTriggerConfiguration } from '../configuration.ts';
import type { FunctionHost } from '../function-host.ts';
import type { ActOnChangeDeps } from './act-on-change.ts';

export function loadActOnChangeDeps(host: FunctionHost) {
  const { stage } = readTriggerConfiguration(host.environment);
  const store = { client: host.tables, stage };
  const queues = { client: host.queues, stage };
  const queue = createDeliveriesQueue(queues);
  return {
    sendSweep: queue.sendSweep,
    planWake: createPlanWake({
      insertWake: createDueDeliveryRepository(store).insertWake,
      sendWakes: queue.sendWakes,
      clock: systemClock,
    }),
    setAside: createSetAside(queues),
    log: createLog('on-endpoint-changed'),
    counters: host.createCounters('on-endpoint-changed'),
  } satisfies ActOnChangeDeps;
}
