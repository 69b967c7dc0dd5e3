import { finished, Readable } from 'node:stream';
import type { Answer } from '../../receive/answer.ts';
import type { HttpRequest } from './http-request.ts';

/** Long enough for a sender to notice the answer, short enough for a server that is to stop. */
const lingerMs = 2_000;

export interface WritableAnswer {
  readonly headers: Record<string, string>;
  /** A stream, if it must not end at once. */
  readonly body: string | Readable;
}

/**
 * Prepares an answer for a server. If a part of the request has not come yet, the answer is sent at once, but ends, and
 * with it the connection, when the sender has stopped. A connection that is closed while bytes arrive is reset, and the
 * sender may lose the answer. What still comes is thrown away.
 */
export function toWritable({ headers, body }: Answer, request: HttpRequest): WritableAnswer {
  const length = body === '' ? undefined : { 'content-length': String(Buffer.byteLength(body)) };
  if (request.complete !== false) return { headers: { ...headers, ...length }, body };
  const close = request.httpVersionMajor === 1 ? { connection: 'close' } : undefined;
  return { headers: { ...headers, ...length, ...close }, body: Readable.from(writeAndWait(request, body)) };
}

async function* writeAndWait(request: Readable, text: string): AsyncGenerator<string> {
  yield text;
  await discardRest(request);
}

function discardRest(request: Readable): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, lingerMs);
    finished(request, { writable: false }, () => {
      clearTimeout(timer);
      resolve();
    });
    request.resume();
  });
}
