import { WebhookError } from '../webhook-error.ts';
import { type HeadersLike, readSignedHeaders, type SignedHeaders } from './headers.ts';
import { type Keys, readKeys, type VerifyingKey } from './keys.ts';
import { checkSignatures } from './signatures.ts';
import { checkTimestamp } from './timestamp.ts';
import { createMessage, type VerifiedMessage } from './verified-message.ts';

export interface VerifyOptions {
  /** How far the time of the message may be from now, in seconds. By default 300. */
  readonly toleranceSeconds?: number;
  /** The time now, in milliseconds since 1970. By default that of the machine. */
  readonly now?: () => number;
}

/**
 * Checks that a message is from the holder of a key, unchanged and recent.
 *
 * @param body - the bytes of the request's body, as they came
 * @param keys - `whsec_…` (HMAC-SHA256, `v1`) and `whpk_…` (ed25519, `v1a`), in any number. One signature that fits one
 * key is enough.
 * @throws WebhookError with a code for each cause
 * @throws RangeError if `toleranceSeconds` is no number of seconds, or `now` returns no number
 * @example
 * const message = verify(bytes, request.headers, process.env.WEBHOOK_KEY);
 * console.log(message.id, message.json());
 */
export function verify(
  body: Uint8Array,
  headers: HeadersLike,
  keys: Keys,
  options: VerifyOptions = {},
): VerifiedMessage {
  const verifyingKeys = readKeys(keys);
  requireVerifyOptions(options);
  requireRawBody(body);
  return checkBody(verifyingKeys, body, checkHeaders(headers, options));
}

/** @throws RangeError */
export function requireVerifyOptions({ toleranceSeconds }: VerifyOptions): void {
  if (toleranceSeconds !== undefined && !(Number.isFinite(toleranceSeconds) && toleranceSeconds >= 0))
    throw new RangeError('toleranceSeconds must be 0 or more.');
}

const maxIdLength = 256;
/**
 * Visible ASCII without a dot. With dots, one signed text could be read as two messages: `a.1` at the time `2` with the
 * body `3`, and `a` at the time `1` with the body `2.3`.
 */
const idPattern = /^[!-\-/-~]+$/;

/** The headers of a message that is recent. Who has signed it is not known yet. */
export interface RecentHeaders extends SignedHeaders {
  readonly sentAt: Date;
}

/**
 * What can be checked before the body is read: the headers and the time.
 *
 * @throws WebhookError
 */
export function checkHeaders(headers: HeadersLike, options: VerifyOptions): RecentHeaders {
  const { id, timestamp, signature } = readSignedHeaders(headers);
  if (id.length > maxIdLength || !idPattern.test(id))
    throw new WebhookError('id_invalid', `An id has 1 to ${maxIdLength} visible ASCII characters, without dots.`);
  return { id, timestamp, signature, sentAt: checkTime(timestamp, options) };
}

/** Checks that a message is recent at this moment. @throws WebhookError */
export const checkTime = (timestamp: string, { toleranceSeconds = 300, now = Date.now }: VerifyOptions): Date =>
  checkTimestamp(timestamp, { toleranceSeconds, now: now() });

/** @throws WebhookError `body_not_raw` */
export function requireRawBody(body: unknown): asserts body is Uint8Array {
  if (!(body instanceof Uint8Array))
    throw new WebhookError(
      'body_not_raw',
      'The body must be the bytes of the request (Uint8Array), before any parser.',
    );
}

/** Checks the signature of a body, with keys and headers that were checked before. @throws WebhookError */
export function checkBody(
  keys: readonly VerifyingKey[],
  body: Uint8Array,
  { id, timestamp, signature, sentAt }: RecentHeaders,
): VerifiedMessage {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  checkSignatures({ keys, signature, content: Buffer.concat([Buffer.from(`${id}.${timestamp}.`), bytes]) });
  return createMessage({ id, timestamp: sentAt, body: bytes });
}
