import { createPlanWake } from '@posthorn/delivering';
import { createFindAccepting } from '@posthorn/models/accepting-applications';
import { createOrdering } from '@posthorn/models/application-ordering';
import { createDueDeliveryRepository } from '@posthorn/models/due-deliveries';
import { createReadForFanOut } from '@posthorn/models/endpoint-reads';
import { createLog, systemClock } from '@posthorn/platform';
import { createDeliveriesQueue, createSetAside } from '@posthorn/queues';
import type { FunctionHost } from '../function-host.ts';
import { loadEventTelling } from '../load-event-telling.ts';
import type { ActOnChangeDeps } from './act-on-change.ts';
import { createOrderingStopper } from './stop-unused-ordering.ts';

export function loadActOnChangeDeps(host: FunctionHost) {
  const { store, beginTelling } = loadEventTelling(host);
  const { stage } = store;
  const queues = { client: host.queues, stage };
  const queue = createDeliveriesQueue(queues);
  return {
    beginTelling,
    sendSweep: queue.sendSweep,
    planWake: createPlanWake({
      insertWake: createDueDeliveryRepository(store).insertWake,
      sendWakes: queue.sendWakes,
      clock: systemClock,
    }),
    stopUnusedOrdering: createOrderingStopper({
      ...createOrdering(store),
      findAccepting: createFindAccepting(store),
      readApplication: createReadForFanOut(store),
    }),
    setAside: createSetAside(queues),
    log: createLog('on-endpoint-changed'),
    counters: host.createCounters('on-endpoint-changed'),
  } satisfies ActOnChangeDeps;
}
