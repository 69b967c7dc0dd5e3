import {
  type AttemptCounts,
  type AttemptRepository,
  type CountedEndpoint,
  type HourCounts,
  type HourWindow,
  sumCounts,
} from '@posthorn/core';

const hourMs = 3_600_000;
/** An hour at the edge of a window that has more attempts counts as a whole. */
const maxCounted = 2_000;
/** Attempts that had waited for days can be far apart in the list. An hour for which more pages are needed counts as a whole. */
const maxPages = 25;
/** Clocks of machines differ, so an attempt can have been made a little before the time in its id. */
const clockSkewMs = 60_000;
/** An attempt that did not have to wait is made within this time of the one in its id. */
const usualWaitMs = 60_000;

export interface CountWindowDeps {
  readonly attempts: Pick<AttemptRepository, 'listByEndpoint'>;
}

interface CountRequest {
  /** The hours of the window. */
  readonly hours: readonly HourCounts[];
  /** From `since`, to before `until`. */
  readonly window: HourWindow;
  readonly now: Date;
}

/** The hours at the edges of a window, and the present one, with or without a row. */
type EdgeHour = Pick<HourCounts, 'hour' | 'success' | 'fail' | 'earliestPlanned'> & { readonly hasRow: boolean };

/**
 * Adds up the attempts of a window. In the hours at its edges and in the present hour, the attempts are read and counted
 * one by one, if they are at most 2,000 and all of their records are still stored. Otherwise such an hour counts as a
 * whole. The row of an hour can be some seconds behind, so the attempts are read even if there is no row.
 */
export async function countWindow(
  deps: CountWindowDeps,
  endpoint: CountedEndpoint,
  { hours, window, now }: CountRequest,
): Promise<AttemptCounts> {
  const edges = edgesOf(window, now);
  const rows = new Map(hours.map((row) => [row.hour.getTime(), row]));
  const whole = hours.filter(({ hour }) => hour < window.until && !edges.has(hour.getTime()));
  const parts = [...edges].map(async (time) => {
    const row = rows.get(time);
    const hour = { hour: new Date(time), success: 0, fail: 0, ...row, hasRow: row !== undefined };
    return (await countPart(deps, endpoint, { hour, window, now })) ?? hour;
  });
  return sumCounts([...whole, ...(await Promise.all(parts))]);
}

/** The starts of the hours of which a part is outside of the window, and of the present hour. */
function edgesOf({ since, until }: HourWindow, now: Date): ReadonlySet<number> {
  const starts = [since, until, now].map(startOf);
  const isCut = (start: number) => start < since.getTime() || start + hourMs > until.getTime();
  const isInWindow = (start: number) => start < until.getTime() && start + hourMs > since.getTime();
  return new Set(starts.filter((start) => isInWindow(start) && (isCut(start) || start === startOf(now))));
}

const startOf = (time: Date): number => Math.floor(time.getTime() / hourMs) * hourMs;

const endOf = (hour: Date): Date => new Date(hour.getTime() + hourMs);

/**
 * From when the attempts of an hour can have been planned. A row that is behind does not have the latest attempts: those
 * were planned in the hour or shortly before it, unless they had waited. Undefined if only the row has some of them.
 */
function plannedFromOf({ hour, earliestPlanned, hasRow }: EdgeHour): Date | undefined {
  if (hasRow && earliestPlanned === undefined) return undefined;
  const usual = new Date(hour.getTime() - usualWaitMs);
  return earliestPlanned && earliestPlanned < usual ? earliestPlanned : usual;
}

/** Returns nothing if not all attempts of the hour can be read. */
async function countPart(
  { attempts }: CountWindowDeps,
  { endpointId }: CountedEndpoint,
  { hour: counted, window, now }: { readonly hour: EdgeHour; readonly window: HourWindow; readonly now: Date },
): Promise<AttemptCounts | undefined> {
  const { hour, success, fail } = counted;
  const plannedFrom = plannedFromOf(counted);
  if (plannedFrom === undefined || success + fail > maxCounted) return undefined;
  const end = endOf(hour);
  const query = { after: hour, before: new Date(end.getTime() + clockSkewMs), plannedFrom, withResponse: false };
  const made: { readonly at: Date; readonly succeeded: boolean }[] = [];
  let iterator: string | undefined;
  for (let pages = 0; pages < maxPages; pages += 1) {
    const request = { ...query, limit: maxCounted, direction: 'forward', ...(iterator && { iterator }) } as const;
    const page = await attempts.listByEndpoint(endpointId, request, now);
    for (const { attemptedAt: at, status } of page.items)
      if (at < end) made.push({ at, succeeded: status === 'succeeded' });
    if (made.length > maxCounted) return undefined;
    if (page.done) return made.length < success + fail ? undefined : countIn(untilEndOf(window, now), made);
    iterator = page.resumeAt ?? page.items.at(-1)?.attemptId;
  }
  return undefined;
}

/** Nothing was made after now. Clocks differ, so a window up to now has what seems to be made a moment later. */
const untilEndOf = ({ since, until }: HourWindow, now: Date): HourWindow => ({
  since,
  until: until < now ? until : new Date(now.getTime() + hourMs),
});

function countIn(
  { since, until }: HourWindow,
  made: readonly { readonly at: Date; readonly succeeded: boolean }[],
): AttemptCounts {
  const inWindow = made.filter(({ at }) => at >= since && at < until);
  const success = inWindow.filter(({ succeeded }) => succeeded).length;
  return { success, fail: inWindow.length - success };
}
