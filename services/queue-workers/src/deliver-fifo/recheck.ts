const shortestSeconds = 60;
const longestSeconds = 3_600;

/**
 * How long a blocked group waits until it is looked at again: a tenth of the time that it has been blocked for, between a
 * minute and an hour. So a look stays cheap, and the queue's 1,000 receives last longer than its 14 days.
 */
export function secondsUntilRecheck({ exhaustedAt, now }: { readonly exhaustedAt: Date; readonly now: Date }): number {
  const blockedSeconds = (now.getTime() - exhaustedAt.getTime()) / 1000;
  return Math.min(longestSeconds, Math.max(shortestSeconds, blockedSeconds / 10));
}
