const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** How many days the log of an application is written, and a consumer is known, after the last poll. */
export const pollerDays = 30;

/** Until when a poll keeps the log and its consumer. */
export const keptUntil = (now: Date): Date => new Date(now.getTime() + pollerDays * dayMs);

/** Whether the log is kept for long enough to rely on it: its end is not near. */
export const isKept = (until: Date, now: Date): boolean => until.getTime() - now.getTime() > hourMs;

/** Whether a poll writes the time again. It does so once a day at most. */
export const needsRefresh = (until: Date, now: Date): boolean =>
  until.getTime() - now.getTime() < (pollerDays - 1) * dayMs;
