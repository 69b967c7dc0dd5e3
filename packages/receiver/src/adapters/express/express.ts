import type { Writable } from 'node:stream';
import type { Answer } from '../../receive/answer.ts';
import { createReceiver, type ReceiveOptions } from '../../receive/receiver.ts';
import { type HttpRequest, toReceivedRequest } from '../http/http-request.ts';
import { toWritable } from '../http/writable-answer.ts';

/** A response of `node:http`, and so one of Express. */
export interface HttpResponse extends Writable {
  writeHead(status: number, headers: Record<string, string>): unknown;
}

export type WebhookMiddleware = (
  request: HttpRequest,
  response: HttpResponse,
  next?: (error?: unknown) => void,
) => Promise<void>;

const remedy =
  "Mount webhooks() before express.json() and other body parsers: app.post('/webhooks', webhooks(options)).";

/**
 * A middleware of Express that receives messages at the path where it is mounted. It reads the body itself. Requests to
 * other paths are passed on untouched, also to paths below its own.
 *
 * Mount it before `express.json()`: a body that was read before is answered with 500 (`body_not_raw`).
 *
 * @throws WebhookError `key_invalid` at once
 * @example
 * app.post('/webhooks', webhooks({ keys: process.env.WEBHOOK_KEY, handle: (message) => save(message.json()) }));
 * app.use(express.json());
 */
export function webhooks(options: ReceiveOptions): WebhookMiddleware {
  const receive = createReceiver(options);
  return async (request, response, next) => {
    if (next && !isMountedHere(request)) return next();
    writeAnswer(request, response, await receive(toReceivedRequest(request, remedy)));
  };
}

/** `app.post(path, …)` sets a route. `app.use(path, …)` sets none, takes the path off the URL, and takes all below it. */
const isMountedHere = (request: HttpRequest & { readonly route?: unknown }): boolean =>
  request.route !== undefined || request.url?.split('?')[0] === '/';

function writeAnswer(request: HttpRequest, response: HttpResponse, answer: Answer): void {
  const { headers, body } = toWritable(answer, request);
  response.writeHead(answer.status, headers);
  if (typeof body === 'string') response.end(body);
  else body.pipe(response);
}
