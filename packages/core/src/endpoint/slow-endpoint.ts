/** An attempt that takes longer than this is slow. */
const slowAttemptMs = 3_000;
/** So much time in slow attempts of one batch makes an endpoint slow: one attempt that timed out, or three of 3 s. */
const slowWorkMs = 9_000;
/** An endpoint is slow for this long after a slow batch. */
export const slowForMs = 600_000;
/** `slowUntil` is moved on only if less than this is left, so that a slow endpoint costs one write in five minutes. */
const moveOnMs = slowForMs / 2;

/**
 * Attempts a second at all slow destinations of an application together. A group has one queue, so they share the workers
 * of all destinations: at 15 s an attempt, this is 30 of them.
 */
export const slowInOrderRate = 2;

export interface SlowInput {
  /** What is stored now. */
  readonly slowUntil: Date | undefined;
  /** Attempts at the endpoint, from one batch of the attempts' stream. */
  readonly attempts: readonly { readonly responseDurationMs: number }[];
  readonly now: Date;
}

/**
 * Decides until when an endpoint counts as slow, after a batch of attempts. Returns what is to be stored: the same time as
 * before if nothing is to be written.
 *
 * An endpoint is slow if its slow attempts (longer than 3 s) took nine seconds or more, and more time than its other
 * attempts in the batch: a few slow answers of a busy endpoint do not count. It stays slow until no such batch came for
 * five to ten minutes.
 */
export function decideSlowUntil({ slowUntil, attempts, now }: SlowInput): Date | undefined {
  const durations = attempts.map(({ responseDurationMs }) => responseDurationMs);
  const slowMs = sum(durations.filter((ms) => ms > slowAttemptMs));
  if (slowMs < slowWorkMs || slowMs <= sum(durations) / 2) return slowUntil;
  const left = slowUntil === undefined ? 0 : slowUntil.getTime() - now.getTime();
  return left < moveOnMs ? new Date(now.getTime() + slowForMs) : slowUntil;
}

/** Whether an endpoint's deliveries go through the queue for slow endpoints. */
export const isSlow = (endpoint: { readonly health?: { readonly slowUntil?: Date } }, now: Date): boolean =>
  endpoint.health?.slowUntil !== undefined && endpoint.health.slowUntil > now;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
