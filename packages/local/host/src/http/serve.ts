import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AnsweredRequest, shortened, toAccessLine } from '@posthorn/contracts/api/request-facts';
import { TimedOut } from '../functions/invoker.ts';
import type { CountRequest } from '../metrics/request-counts.ts';
import { handleClientError } from './client-errors.ts';
import { createConnectionCounts } from './count-connections.ts';
import { createExchanges, type Exchange } from './exchanges.ts';
import { guardConnections } from './guard-connections.ts';
import { defaultHttpLimits, type HttpLimits } from './limits.ts';
import type { OpenRequests } from './open-requests.ts';
import { BodyTooLarge, readBody } from './read-body.ts';
import { answerFailure, type Failure } from './refusal.ts';
import { createSocketRefusals } from './refuse-socket.ts';
import type { FindRoute } from './routes.ts';
import { isDecodable, readTarget } from './target.ts';
import { toEvent } from './to-event.ts';
import { type Answer, readAnswer, writeAnswer } from './write-answer.ts';

export interface HttpOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly findRoute: FindRoute;
  readonly log: (line: string) => void;
  /** Gets each request that a function serves. */
  readonly openRequests?: OpenRequests;
  /** Those that differ from the default. */
  readonly limits?: Partial<HttpLimits>;
  /** Is called for each answer, with the route in the contract, and the time since the request's headers. */
  readonly count?: CountRequest;
  /** Writes a line of the access log for each request that no function has answered. Functions write their own lines. */
  readonly writeAccess?: ((line: string) => void) | undefined;
}

export interface HttpServer {
  readonly port: number;
  /** Takes no new connections, and ends when the open requests are answered, or after the grace time. */
  stop(graceMs: number): Promise<void>;
}

const badPath: Failure = { status: 400, code: 'bad_request', detail: 'The path must be percent-encoded UTF-8' };
const badHost: Failure = { status: 400, code: 'bad_request', detail: 'The request must have one Host header' };
const noRoute: Failure = { status: 404, code: 'unknown_path', detail: 'There is nothing at this path' };
const tooLarge: Failure = { status: 413, code: 'payload_too_large', detail: 'Request payload is too large.' };
const expectationFailed: Failure = {
  status: 417,
  code: 'expectation_failed',
  detail: 'The only Expect header that works is 100-continue',
};
const internalError: Failure = { status: 500, code: 'internal_error', detail: 'An internal error has occurred' };
const unavailable: Failure = { status: 503, code: 'unavailable', detail: 'The request took too long. Try again.' };

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
  const refusals = createSocketRefusals(limits.lingerMs, (line) => {
    options.count?.('none', line.status ?? 0, 0);
    writeLine(options, line);
  });
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
  const stop = async (graceMs: number): Promise<void> => {
    options.openRequests?.endAll();
    await close(server, graceMs);
  };
  server.listen(port, host);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, stop };
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
  const startedAt = performance.now();
  const finish = (route: string, written: Answer): void => {
    writeAnswer(response, written);
    options.count?.(route, written.statusCode, performance.now() - startedAt);
  };
  const { method = 'GET', url = '/' } = request;
  const { path, query } = readTarget(url);
  const fail = (route: string, failure: Failure, id?: string) => {
    const sentRequestId = request.headers['svix-req-id'];
    const known = {
      method,
      path: shortened(path),
      sentRequestId,
      startedAt,
      ...(id !== undefined && { requestId: id }),
    };
    const { answer: written, line } = answerFailure(failure, known);
    finish(route, written);
    writeLine(options, line);
  };
  const refuse = (failure: Failure) => {
    // The client may or may not send its body now, so no further request can be told from it.
    if (expects === 'continue') response.shouldKeepAlive = false;
    fail('none', failure);
  };
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
  options.openRequests?.add(requestId, response);
  try {
    finish(route.routeKey, readAnswer(await route.invoke(toEvent(received, route))));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    options.log(`http: ${route.routeKey} failed: ${message} (request ${requestId})`);
    fail(route.routeKey, error instanceof TimedOut ? unavailable : internalError, requestId);
  }
}

const writeLine = ({ writeAccess }: Pick<HttpOptions, 'writeAccess'>, line: AnsweredRequest): void =>
  writeAccess?.(toAccessLine('posthorn-http', line, new Date()));

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
