import { WebhookError } from '../webhook-error.ts';

/** Seconds since 1970, in the one way to write them. Twelve digits last for 30,000 years. */
const secondsPattern = /^(?:0|[1-9]\d{0,11})$/;

/**
 * Reads the time of a message.
 *
 * @param now - milliseconds since 1970
 * @throws WebhookError `timestamp_invalid`, `timestamp_too_old`, `timestamp_too_new`
 * @throws RangeError if `now` is no time: it would make every message recent
 */
export function checkTimestamp(
  text: string,
  { toleranceSeconds, now }: { readonly toleranceSeconds: number; readonly now: number },
): Date {
  if (!Number.isFinite(now)) throw new RangeError('now must return a number of milliseconds since 1970.');
  if (!secondsPattern.test(text))
    throw new WebhookError(
      'timestamp_invalid',
      'The time of the message is not in seconds since 1970, in digits only.',
    );
  const ageSeconds = Math.floor(now / 1_000) - Number(text);
  if (ageSeconds > toleranceSeconds)
    throw new WebhookError(
      'timestamp_too_old',
      `The message is ${ageSeconds} s old. ${toleranceSeconds} s are allowed.`,
    );
  if (-ageSeconds > toleranceSeconds)
    throw new WebhookError(
      'timestamp_too_new',
      `The message is from ${-ageSeconds} s in the future. Check the clock of this machine.`,
    );
  return new Date(Number(text) * 1_000);
}
