import { createFunction } from '@posthorn/platform';
import type { ScheduledEvent } from 'aws-lambda';
import type { FunctionHost } from '../function-host.ts';
import { loadReleaseDueDeliveriesDeps } from './deps.ts';
import { createReleaseDueDeliveries } from './release-due-deliveries.ts';

/** The time that one page may need: a run ends this long before the function's time is over. */
const marginMs = 10_000;

export function createHandler(host: FunctionHost) {
  const counters = host.createCounters('release-due-deliveries');
  const deps = { ...loadReleaseDueDeliveriesDeps(host), counters };
  const releaseDueDeliveries = createReleaseDueDeliveries(deps);

  return createFunction<ScheduledEvent, void>({ log: deps.log, counters }, async (_event, context) => {
    await releaseDueDeliveries(() => context.getRemainingTimeInMillis() > marginMs);
  });
}
