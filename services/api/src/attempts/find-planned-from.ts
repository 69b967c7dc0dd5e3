import type { CountedEndpoint, StatisticsRepository, TimeWindow } from '@posthorn/core';

export interface PlannedFromDeps {
  readonly statistics: Pick<StatisticsRepository, 'listFirstHours'>;
}

/** A window with a beginning. */
export interface WindowAfter extends TimeWindow {
  readonly after: Date;
}

/** No attempt waits longer than its message is kept, by default. */
const longestWaitMs = 90 * 24 * 3_600_000;
/** Clocks of machines differ by less than this. */
const clockSkewMs = 3_600_000;

/**
 * The earliest time for which an attempt was planned that was made in a window with `after`. The statistics have it for
 * each hour. They are some seconds behind, so an attempt that has waited for long can be missing for so long. Of hours
 * that are too many to read, it is the earliest time that is possible.
 */
export async function findPlannedFrom(
  { statistics }: PlannedFromDeps,
  endpoint: CountedEndpoint,
  { window: { after, before }, now }: { readonly window: WindowAfter; readonly now: Date },
): Promise<Date> {
  const until = before ?? new Date(now.getTime() + clockSkewMs);
  const { hours, next } = await statistics.listFirstHours(endpoint, { since: after, until });
  const earliest = hours.map((hour) => hour.earliestPlanned ?? longBefore(hour.hour));
  const times = [after, ...earliest, ...(next ? [longBefore(next)] : [])];
  return new Date(Math.min(...times.map((time) => time.getTime())));
}

const longBefore = (hour: Date): Date => new Date(hour.getTime() - longestWaitMs);
