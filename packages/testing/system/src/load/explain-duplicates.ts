import type { Duplicate } from './find-duplicates.ts';

/** The time limit of a worker: an exchange of 15 s, with the reads before it and the record after it. */
const longestJobMs = 20_000;

/** Why a request was sent twice. At least once is promised, so these are allowed, and no others. */
export interface ExplainedDuplicates {
  /** Sent before a kill, and again after it, because the attempt was not recorded. */
  readonly cutOff: readonly Duplicate[];
  /**
   * A fan-out that was killed before its checkpoint ran again, and queued the same jobs again. On the standard queue, two
   * workers may then work on one delivery at once: the second began before the first recorded its attempt.
   */
  readonly queuedTwice: readonly Duplicate[];
  readonly unexplained: readonly Duplicate[];
}

/** @param kills - when nothing of the killed processes could arrive any more, and nothing of the next ones had arrived */
export function explainDuplicates(duplicates: readonly Duplicate[], kills: readonly Date[]): ExplainedDuplicates {
  const reasonOf = ({ path, endedAt, repeatedAt }: Duplicate): keyof ExplainedDuplicates => {
    if (kills.some((killedAt) => endedAt <= killedAt && repeatedAt > killedAt)) return 'cutOff';
    const isLate = kills.some((killedAt) => endedAt > killedAt);
    const isSoon = repeatedAt.getTime() - endedAt.getTime() < longestJobMs;
    return !path.endsWith('/fifo') && isLate && isSoon ? 'queuedTwice' : 'unexplained';
  };
  const grouped = Object.groupBy(duplicates, reasonOf);
  return { cutOff: [], queuedTwice: [], unexplained: [], ...grouped };
}

export const describeDuplicates = (sent: number, { cutOff, queuedTwice }: ExplainedDuplicates): string =>
  `${cutOff.length + queuedTwice.length} of ${sent} requests were duplicates: ` +
  `${cutOff.length} of attempts that a kill ended before they were recorded, ` +
  `${queuedTwice.length} of jobs that a fan-out queued again after a kill`;
