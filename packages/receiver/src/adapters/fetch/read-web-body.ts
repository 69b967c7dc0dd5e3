import { WebhookError } from '../../webhook-error.ts';
import { collectBytes } from '../body-bytes.ts';
import { bodyIncomplete, bodyTooLarge, readDeclaredBytes } from '../receivable.ts';

const remedy = 'Give createFetchReceiver the request before anything calls its json(), text() or arrayBuffer().';

/**
 * Reads the bytes of a body, and cancels it at the limit.
 *
 * @throws WebhookError `body_not_raw` if something has read it before, `body_too_large`, `body_incomplete`
 */
export async function readWebBody({ body, bodyUsed, headers }: Request, maxBytes: number): Promise<Uint8Array> {
  if (bodyUsed || body?.locked)
    throw new WebhookError(
      'body_not_raw',
      `Something else has read the body before the signature was checked. ${remedy}`,
    );
  if (readDeclaredBytes(headers.get('content-length') ?? undefined) > maxBytes) throw bodyTooLarge(maxBytes);
  const bytes = collectBytes(maxBytes);
  for await (const chunk of chunksOf(body)) bytes.add(chunk);
  return bytes.take();
}

async function* chunksOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (let read = await next(reader); !read.done; read = await next(reader)) yield read.value;
  } finally {
    // Does nothing to a body that has come to its end. If the sender is gone, there is nothing to cancel.
    reader.cancel().catch(() => undefined);
  }
}

async function next(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read();
  } catch (error) {
    throw bodyIncomplete(error);
  }
}
