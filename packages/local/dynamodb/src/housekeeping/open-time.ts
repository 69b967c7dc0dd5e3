import { retentionMs } from '../streams/stream.ts';

/**
 * How long the store was open, over all its processes. Records may become too old while it is closed, when no reader can
 * get them. They are held until the store was open for another hour.
 */
export interface OpenTime {
  /** When this was noted, in milliseconds since 1970. */
  readonly seenAt: number;
  /** Milliseconds that the store was open in total. */
  readonly openMs: number;
  readonly held: readonly Held[];
}

/** Records from a time on are held until the store was open for `until` milliseconds in total. */
interface Held {
  readonly from: number;
  readonly until: number;
}

const graceMs = 60 * 60 * 1_000;
/** Times when the store was closed are one if they end in the same minute of open time. So there are about 60 at most. */
const minuteMs = 60_000;
/** A longer time without a note is time in which the process did not run: the machine was suspended. */
const longestPauseMs = 2 * minuteMs;

/**
 * Notes that the store is opened after a time in which it was closed. Without an earlier note, all records are held:
 * nobody knows how long it was closed.
 */
export function noteOpening(before: OpenTime | undefined, now: number): OpenTime {
  const { seenAt, openMs, held } = before ?? { seenAt: retentionMs, openMs: 0, held: [] };
  const from = Math.min(seenAt, now) - retentionMs;
  const until = (Math.floor(openMs / minuteMs) + 1) * minuteMs + graceMs;
  const last = held.at(-1);
  const isSameMinute = last?.until === until;
  const next = { from: isSameMinute ? Math.min(last.from, from) : from, until };
  return { seenAt: now, openMs, held: [...(isSameMinute ? held.slice(0, -1) : held), next] };
}

/** Notes that the store is open and has been since the last note. */
export function noteOpen(time: OpenTime, now: number): OpenTime {
  const elapsed = now - time.seenAt;
  if (elapsed < 0 || elapsed > longestPauseMs) return noteOpening(time, now);
  const openMs = time.openMs + elapsed;
  return { seenAt: now, openMs, held: time.held.filter(({ until }) => until > openMs) };
}

/** Records before this time may be removed. */
export const horizonOf = ({ seenAt, held }: OpenTime): number =>
  held.reduce((horizon, { from }) => Math.min(horizon, from), seenAt - retentionMs);
