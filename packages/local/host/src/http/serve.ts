import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TimedOut } from '../functions/invoker.ts';
import type { CountRequest } from '../metrics/request-counts.ts';
import { handleClientError } from './client-errors.ts';
import { createConnectionCounts } from './count-connections.ts';
import { createExchanges, type Exchange } from './exchanges.ts';
import { guardConnections } from './guard-connections.ts';
import { defaultHttpLimits, type HttpLimits } from './limits.ts';
import { BodyTooLarge, readBody } from './read-body.ts';
import { createSocketRefusals } from './refuse-socket.ts';
import type { FindRoute } from './routes.ts';
import { isDecodable, readTarget } from './target.ts';
import { toEvent } from './to-event.ts';
import {
  type Answer,
  failureAnswer,
  internalError,
  readAnswer,
  unavailable,
  withRequestId,
  writeAnswer,
} from './write-answer.ts';

export interface HttpOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly findRoute: FindRoute;
  readonly log: (line: string) => void;
  /** Those that differ from the default. */
  readonly limits?: Partial<HttpLimits>;
  /** Is called for each answer, with the route in the contract, and the time since the request's headers. */
  readonly count?: CountRequest;
}

export interface HttpServer {
  readonly port: number;
  /** Takes no new connections, and ends when the open requests are answered, or after the grace time. */
  stop(graceMs: number): Promise<void>;
}

const badPath = failureAnswer(400, 'bad_request', 'The path must be percent-encoded UTF-8');
const badHost = failureAnswer(400, 'bad_request', 'The request must have one Host header');
const noRoute = failureAnswer(404, 'not_found', 'Not found');
const tooLarge = failureAnswer(413, 'payload_too_large', 'Request payload is too large.');
const expectationFailed = failureAnswer(417, 'expectation_failed', 'The only Expect header that works is 100-continue');

/** Serves the routes in API Gateway's place. */
export async function serveHttp(options: HttpOptions): Promise<HttpServer> {
  const { host, port, log } = options;
  const limits = { ...defaultHttpLimits, ...options.limits };
  const server = createServer({
    keepAliveTimeout: limits.keepAliveMs,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.lookEveryMs,
    maxHeaderSize: limits.headerBytes,
    // We check it, because Node would answer without a body.
    requireHostHeader: false,
  });
  server.timeout = limits.silentMs;
  const exchanges = createExchanges();
  const refusals = createSocketRefusals(limits.lingerMs, ({ statusCode }) => options.count?.('none', statusCode, 0));
  guardConnections(server, createConnectionCounts(limits.connectionsPerAddress), refusals);
  const serve = ({ request, response }: Exchange, expects: Expects) => {
    answer({ request, response }, options, expects).catch((error: unknown) => {
      if (!request.destroyed) log(`http: ${error instanceof Error ? error.message : String(error)}`);
      response.destroy();
    });
  };
  const take = (expects: Expects) => (request: IncomingMessage, response: Exchange['response']) => {
    if (refusals.has(request.socket)) return;
    exchanges.add({ request, response }, (exchange) => serve(exchange, expects));
  };
  server.on('request', take('nothing'));
  server.on('checkContinue', take('continue'));
  server.on('checkExpectation', take('unknown'));
  server.on('clientError', (error, socket) => {
    // The server has no TLS, so it is a socket of TCP.
    void handleClientError(error, socket as Parameters<typeof handleClientError>[1], { exchanges, refusals });
  });
  server.listen(port, host);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, stop: (graceMs) => close(server, graceMs) };
}

async function close(server: Server, graceMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}

/** The Expect header of a request. */
type Expects = 'nothing' | 'continue' | 'unknown';

async function answer(exchange: Exchange, options: HttpOptions, expects: Expects): Promise<void> {
  const { request, response } = exchange;
  const finish = createFinish(response, options.count);
  const { method = 'GET', url = '/' } = request;
  const refuse = (refusal: Answer) => {
    // The client may or may not send its body now, so no further request can be told from it.
    if (expects === 'continue') response.shouldKeepAlive = false;
    finish('none', refusal);
  };
  const { path, query } = readTarget(url);
  if (expects === 'unknown') return refuse(expectationFailed);
  if (!hasHost(request)) return refuse(badHost);
  if (!isDecodable(path)) return refuse(badPath);
  const route = options.findRoute(method, path);
  if (!route) return refuse(noRoute);
  let body: Buffer | undefined;
  try {
    body = await readBody(request, () => expects === 'continue' && response.writeContinue());
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    return refuse(tooLarge);
  }
  const requestId = randomUUID();
  const received = { request, path, query, body, requestId, now: new Date() };
  try {
    finish(route.routeKey, readAnswer(await route.invoke(toEvent(received, route))));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    options.log(`http: ${route.routeKey} failed: ${message} (request ${requestId})`);
    finish(route.routeKey, withRequestId(error instanceof TimedOut ? unavailable : internalError, requestId));
  }
}

/** Writes the answer, and counts it. Nothing is timed if nobody counts. */
function createFinish(response: Exchange['response'], count: CountRequest | undefined) {
  const start = count && performance.now();
  return (route: string, written: Answer): void => {
    writeAnswer(response, written);
    if (count && start !== undefined) count(route, written.statusCode, performance.now() - start);
  };
}

/** HTTP/1.0 needs no Host header. HTTP/1.1 needs exactly one. */
function hasHost({ httpVersion, rawHeaders, headers: { host } }: IncomingMessage): boolean {
  if (host === undefined) return httpVersion === '1.0';
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count === 1;
}
