import { WebhookError } from '../webhook-error.ts';

/**
 * Refuses what is no delivery before a byte of its body is read.
 *
 * A compressed body is refused. Posthorn sends none, and it would be unclear which bytes the sender has signed.
 *
 * @throws WebhookError `method_not_allowed`, `body_encoded`
 */
export function requireReceivable(method: string | undefined, contentEncoding: string | undefined): void {
  if (method?.toUpperCase() !== 'POST') throw new WebhookError('method_not_allowed', 'Messages are sent with POST.');
  if (contentEncoding !== undefined && contentEncoding.trim().toLowerCase() !== 'identity')
    throw new WebhookError('body_encoded', 'The body has a Content-Encoding. Send it without.');
}

/** The number in a Content-Length, or 0 if there is none. */
export const readDeclaredBytes = (contentLength: string | undefined): number => Number(contentLength ?? 0);

export const bodyTooLarge = (maxBodyBytes: number): WebhookError =>
  new WebhookError('body_too_large', `The body has more than ${maxBodyBytes} bytes.`);

export const bodyIncomplete = (cause: unknown): WebhookError =>
  new WebhookError('body_incomplete', 'The connection ended before the body was complete.', { cause });
