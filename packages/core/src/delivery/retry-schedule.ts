/** Seconds to wait after each failed attempt; its length + 1 is how often a delivery is tried. */
export type RetrySchedule = readonly number[];

/** 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h: eight attempts over about 27.5 hours. */
export const defaultRetrySchedule: RetrySchedule = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000];

/** The longest wait that a schedule may name: what a message in a FIFO queue can be held back for at once. */
export const maxRetryDelaySeconds = 36_000;

/** How long a Retry-After is honoured at most. */
export const maxRetryAfterSeconds = 21_600;
