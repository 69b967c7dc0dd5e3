import type { AttemptQuery, CountedEndpoint, StatisticsRepository, TimeWindow } from '@posthorn/core';

/** No attempt waits longer than its message is kept, by default. */
const longestWaitMs = 90 * 24 * 3_600_000;
/** Clocks of machines differ by less than this. */
const clockSkewMs = 3_600_000;

/**
 * The earliest time for which an attempt was planned that was made in a window with `after`. The statistics have it for
 * each hour. They are some seconds behind, so an attempt that has waited for long can be missing for so long.
 */
export async function findPlannedFrom(
  { statistics }: { readonly statistics: Pick<StatisticsRepository, 'listHours'> },
  endpoint: CountedEndpoint,
  { window: { after, before }, now }: { readonly window: TimeWindow; readonly now: Date },
): Promise<Pick<AttemptQuery, 'plannedFrom'>> {
  if (!after) return {};
  const until = before ?? new Date(now.getTime() + clockSkewMs);
  const hours = await statistics.listHours(endpoint, { since: after, until });
  const earliest = hours.map((hour) => hour.earliestPlanned ?? new Date(hour.hour.getTime() - longestWaitMs));
  return { plannedFrom: new Date(Math.min(after.getTime(), ...earliest.map((time) => time.getTime()))) };
}
