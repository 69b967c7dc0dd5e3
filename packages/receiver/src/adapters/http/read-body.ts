import type { Readable } from 'node:stream';
import { WebhookError } from '../../webhook-error.ts';
import { collectBytes } from '../body-bytes.ts';
import { bodyIncomplete, bodyTooLarge } from '../receivable.ts';

interface Reading {
  readonly maxBytes: number;
  /** What the sender says in Content-Length. A body in chunks has none: 0. */
  readonly declaredBytes: number;
  /** How to mount the adapter so that nothing reads the body before it. */
  readonly remedy: string;
}

/**
 * Reads the bytes of a body and changes none. It stops at the limit, and leaves the stream open so that the request can
 * be answered. How long a sender may take is left to the server (`requestTimeout` of `node:http`, 300 seconds).
 *
 * @throws WebhookError `body_not_raw` if something has read the stream before, `body_too_large`, `body_incomplete`
 */
export async function readBody(stream: Readable, { maxBytes, declaredBytes, remedy }: Reading): Promise<Buffer> {
  if (stream.readableDidRead || stream.readableEncoding !== null)
    throw new WebhookError(
      'body_not_raw',
      `Something else has read the body before the signature was checked. ${remedy}`,
    );
  if (declaredBytes > maxBytes) throw bodyTooLarge(maxBytes);
  const bytes = collectBytes(maxBytes);
  for await (const chunk of chunksOf(stream)) bytes.add(chunk);
  return bytes.take();
}

async function* chunksOf(stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    // The usual loop over a stream destroys it when it stops, and the connection with it.
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    }
  } catch (error) {
    throw bodyIncomplete(error);
  }
}
