import { createPlanWake } from '@posthorn/delivering';
import { createDueDeliveryRepository } from '@posthorn/models/due-deliveries';
import { createEndpointHealthRepository } from '@posthorn/models/endpoint-health';
import { createDisableEndpoint } from '@posthorn/models/endpoint-reads';
import { createStatisticsRepository } from '@posthorn/models/statistics';
import { createLog, systemClock } from '@posthorn/platform';
import { createDeliveriesQueue, createSetAside } from '@posthorn/queues';
import { readTriggerConfiguration } from '../configuration.ts';
import type { FunctionHost } from '../function-host.ts';
import { loadEventTelling } from '../load-event-telling.ts';
import type { ActOnAttemptsDeps } from './act-on-attempts.ts';
import { createWatchHealth } from './watch-health.ts';

/** Statistics are kept for this many days, and at least as long as attempts: their lists use the rows. */
const minKeptDays = 90;

export function loadActOnAttemptsDeps(host: FunctionHost) {
  const { stage, successRetentionDays, failureRetentionDays } = readTriggerConfiguration(host.environment);
  const keptDays = Math.max(minKeptDays, successRetentionDays, failureRetentionDays);
  const store = { client: host.tables, stage };
  const queues = { client: host.queues, stage };
  const log = createLog('on-attempt-inserted');
  const counters = host.createCounters('on-attempt-inserted');
  const planWake = createPlanWake({
    insertWake: createDueDeliveryRepository(store).insertWake,
    sendWakes: createDeliveriesQueue(queues).sendWakes,
    clock: systemClock,
  });
  const watchHealth = createWatchHealth({
    health: createEndpointHealthRepository(store),
    planWake,
    disableEndpoint: createDisableEndpoint(store),
    clock: systemClock,
    log,
    counters,
  });
  return {
    count: createStatisticsRepository({ ...store, keptDays }).count,
    watchHealth,
    beginTelling: loadEventTelling(host).beginTelling,
    setAside: createSetAside(queues),
    log,
    counters,
  } satisfies ActOnAttemptsDeps;
}
