import { createReceiver, type ReceiveOptions } from '../../receive/receiver.ts';
import { requireReceivable } from '../receivable.ts';
import { readWebBody } from './read-web-body.ts';

/**
 * Makes a function that receives messages in servers that are built on `Request` and `Response`: Hono, Next.js, Bun, Deno,
 * Workers. The kit needs `Buffer` and `node:crypto` there.
 *
 * Where a build loads the program without the key, as in Next.js, call it at the first request.
 *
 * @throws WebhookError `key_invalid` at once
 * @example
 * const receive = createFetchReceiver({ keys: process.env.WEBHOOK_KEY, handle: (message) => save(message.json()) });
 * app.post('/webhooks', (context) => receive(context.req.raw));
 */
export function createFetchReceiver(options: ReceiveOptions): (request: Request) => Promise<Response> {
  const receive = createReceiver(options);
  return async (request) => {
    const { status, headers, body } = await receive({
      headers: request.headers,
      check: () => requireReceivable(request.method, request.headers.get('content-encoding') ?? undefined),
      body: (maxBytes) => readWebBody(request, maxBytes),
    });
    // A response of status 204 must have no body at all.
    return new Response(body === '' ? null : body, { status, headers: { ...headers } });
  };
}
