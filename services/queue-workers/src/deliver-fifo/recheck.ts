const shortestSeconds = 60;
const longestSeconds = 3_600;

/**
 * How long a blocked group is held back until it is checked again: a tenth of the time for which it has been blocked, but
 * at least a minute and at most an hour. So checks are few, and the limit of 1,000 receives is not reached within the 14
 * days that the queue keeps a job.
 */
export function secondsUntilRecheck({ exhaustedAt, now }: { readonly exhaustedAt: Date; readonly now: Date }): number {
  const blockedSeconds = (now.getTime() - exhaustedAt.getTime()) / 1000;
  return Math.min(longestSeconds, Math.max(shortestSeconds, blockedSeconds / 10));
}
