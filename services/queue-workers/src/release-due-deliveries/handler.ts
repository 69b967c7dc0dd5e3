import { createCounters, createFunction } from '@posthorn/platform';
import type { ScheduledEvent } from 'aws-lambda';
import { loadReleaseDueDeliveriesDeps } from './deps.ts';
import { createReleaseDueDeliveries } from './release-due-deliveries.ts';

/** The time that one page may need: a run ends this long before the function's time is over. */
const marginMs = 10_000;

const counters = createCounters('release-due-deliveries');
const deps = { ...loadReleaseDueDeliveriesDeps(process.env), counters };
const releaseDueDeliveries = createReleaseDueDeliveries(deps);

export const handler = createFunction<ScheduledEvent, void>({ log: deps.log, counters }, async (_event, context) => {
  await releaseDueDeliveries(() => context.getRemainingTimeInMillis() > marginMs);
});
