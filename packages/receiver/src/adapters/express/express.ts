import type { Writable } from 'node:stream';
import type { Answer } from '../../receive/answer.ts';
import { createReceiver, type ReceiveOptions } from '../../receive/receiver.ts';
import { type HttpRequest, toReceivedRequest } from '../http/http-request.ts';
import { toWritable } from '../http/writable-answer.ts';

/** A response of `node:http`, and so one of Express. */
export interface HttpResponse extends Writable {
  /** Whether something else has answered, such as a middleware with a time limit. */
  readonly headersSent?: boolean;
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
 * Give it to Express itself. A function around it must call it without `next`, and then it receives at every path.
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
  const middleware: WebhookMiddleware = async (request, response, next) => {
    if (next && !isMountedHere(request, receive)) return next();
    writeAnswer(request, response, await receive(toReceivedRequest(request, remedy)));
  };
  return Object.assign(middleware, { receive });
}

interface RoutedRequest extends HttpRequest {
  readonly route?: { readonly stack?: readonly { readonly handle?: { readonly receive?: unknown } }[] };
}

/**
 * `app.use(path, …)` takes the path off the URL, and takes all below it. `app.post(path, …)` sets a route. It stays set
 * when the route passes the request on, so that what counts is whether this middleware is in it. It is known by a
 * property there, because tools that trace requests replace the functions of a route and keep their properties.
 */
const isMountedHere = ({ url, route }: RoutedRequest, receive: unknown): boolean =>
  url?.split('?')[0] === '/' || route?.stack?.some(({ handle }) => handle?.receive === receive) === true;

function writeAnswer(request: HttpRequest, response: HttpResponse, answer: Answer): void {
  if (response.headersSent) return;
  const { headers, body } = toWritable(answer, request);
  response.writeHead(answer.status, headers);
  if (typeof body === 'string') response.end(body);
  else body.pipe(response);
}
