import type { MiddlewareObj } from '@middy/core';
import { DomainError, maxMessageBytes } from '@posthorn/core';
import type { ApiAnswer, ApiEvent } from './api-event.ts';
import { notJson } from './refusals.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Methods of operations without a body. One that is sent all the same is ignored. */
const bodiless: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS']);

/** Decodes base64 and refuses a body that is too large, before the body is read. */
export const bodyText = (): MiddlewareObj<ApiEvent, ApiAnswer> => ({
  before: ({ event }) => {
    if (bodiless.has(event.requestContext.http.method)) delete event.body;
    const { body, isBase64Encoded } = event;
    if (typeof body !== 'string' || body === '') return;
    const bytes = Buffer.byteLength(body, isBase64Encoded ? 'base64' : 'utf8');
    if (bytes > maxMessageBytes) throw new DomainError('payload_too_large', 'Request payload is too large.');
    if (!isBase64Encoded) requireSentLength(bytes, event.headers['content-length']);
    event.bodyText = isBase64Encoded ? decode(Buffer.from(body, 'base64')) : body;
    event.body = event.bodyText;
    event.isBase64Encoded = false;
  },
});

const notUtf8 = (cause?: unknown) => notJson(cause, 'must be JSON in UTF-8');

/**
 * A gateway that passes a body as text has replaced each sequence that is not UTF-8 by U+FFFD, which has three bytes. So
 * the length differs from the one that was sent. (A sequence of exactly three bytes cannot be noticed.)
 *
 * @param sent - the `content-length` of the request; a request in chunks has none
 */
function requireSentLength(bytes: number, sent: string | undefined): void {
  if (sent !== undefined && /^\d+$/.test(sent) && Number(sent) !== bytes) throw notUtf8();
}

/** Bytes that are not UTF-8 cannot be kept as they are, and are not JSON. */
function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw notUtf8(cause);
  }
}
