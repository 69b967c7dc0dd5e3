/** Seconds to wait after each failed attempt. A delivery has one attempt more than the schedule has waits. */
export type RetrySchedule = readonly number[];

/** 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h: eight attempts over about 27.5 hours. */
export const defaultRetrySchedule: RetrySchedule = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000];

/**
 * The longest wait in a schedule, before jitter: a week. Records of attempts are kept for 14 days or more. So when a wait
 * is over, the record of the attempt before it is still there: it says what follows, and that it was made.
 */
export const maxRetryDelaySeconds = 604_800;

/** A wait is doubled for an overloaded endpoint only as far as this: ten hours. */
export const maxDoubledWaitSeconds = 36_000;

/** The most waits in a schedule that is set through the API. */
export const maxScheduleWaits = 20;

/** Whether a value is a schedule that can be set through the API. */
export const isRetrySchedule = (value: unknown): value is RetrySchedule =>
  Array.isArray(value) && value.length <= maxScheduleWaits && value.every(isWait);

const isWait = (wait: unknown): boolean =>
  typeof wait === 'number' && Number.isInteger(wait) && wait >= 0 && wait <= maxRetryDelaySeconds;

/** The longest `Retry-After` that is respected: a day. */
export const maxRetryAfterSeconds = 86_400;

/** What a schedule's text must be, for error texts. */
export const retryScheduleForm = `seconds from 0 to ${maxRetryDelaySeconds}, comma-separated, such as 5,300,1800`;

/**
 * Reads a schedule from its text. Spaces are ignored, and an empty text is the default schedule.
 *
 * @returns `undefined` if the text is not `retryScheduleForm`
 * @example parseRetrySchedule('5, 300') // => [5, 300]
 */
export function parseRetrySchedule(text: string): RetrySchedule | undefined {
  if (text.trim() === '') return defaultRetrySchedule;
  const delays = text.split(',').map((part) => part.trim());
  return delays.every(isDelay) ? delays.map(Number) : undefined;
}

const isDelay = (text: string): boolean => /^\d{1,6}$/.test(text) && Number(text) <= maxRetryDelaySeconds;
