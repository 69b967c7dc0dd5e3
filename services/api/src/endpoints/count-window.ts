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

/**
 * Adds up the attempts of a window. In the hours at its edges, the attempts are read and counted one by one, if they are at
 * most 2,000 and all of their records are still stored. Otherwise such an hour counts as a whole.
 */
export async function countWindow(
  deps: CountWindowDeps,
  endpoint: CountedEndpoint,
  { hours, window, now }: CountRequest,
): Promise<AttemptCounts> {
  const counts = hours
    .filter(({ hour }) => hour < window.until)
    .map(async (hour) =>
      isEdge(hour, window, now) ? ((await countPart(deps, endpoint, { hour, window, now })) ?? hour) : hour,
    );
  return sumCounts(await Promise.all(counts));
}

/** Whether a part of the hour is outside of the window. Nothing was made after now, so the present hour ends there. */
const isEdge = ({ hour }: HourCounts, { since, until }: HourWindow, now: Date): boolean =>
  since > hour || (until < endOf(hour) && until < now);

const endOf = (hour: Date): Date => new Date(hour.getTime() + hourMs);

/** Returns nothing if not all attempts of the hour can be read. */
async function countPart(
  { attempts }: CountWindowDeps,
  { endpointId }: CountedEndpoint,
  { hour: counted, window, now }: { readonly hour: HourCounts; readonly window: HourWindow; readonly now: Date },
): Promise<AttemptCounts | undefined> {
  const { hour, earliestPlanned: plannedFrom, success, fail } = counted;
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
    if (page.done) return made.length < success + fail ? undefined : countIn(window, made);
    iterator = page.resumeAt ?? page.items.at(-1)?.attemptId;
  }
  return undefined;
}

function countIn(
  { since, until }: HourWindow,
  made: readonly { readonly at: Date; readonly succeeded: boolean }[],
): AttemptCounts {
  const inWindow = made.filter(({ at }) => at >= since && at < until);
  const success = inWindow.filter(({ succeeded }) => succeeded).length;
  return { success, fail: inWindow.length - success };
}
