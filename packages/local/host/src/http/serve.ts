import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TimedOut } from '../functions/invoker.ts';
import { BodyTooLarge, readBody } from './read-body.ts';
import type { FindRoute } from './routes.ts';
import { toEvent } from './to-event.ts';
import { failureAnswer, internalError, readAnswer, unavailable, writeAnswer } from './write-answer.ts';

export interface HttpOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly findRoute: FindRoute;
  readonly log: (line: string) => void;
}

export interface HttpServer {
  readonly port: number;
  /** Takes no new connections, and ends when the open requests are answered, or after the grace time. */
  stop(graceMs: number): Promise<void>;
}

const badPath = failureAnswer(400, 'bad_request', 'The path must be percent-encoded UTF-8');

/** Proxies keep idle connections for up to a minute. One that the server closes first can fail a request. */
const keepAliveMs = 75_000;
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 60_000;

/** Serves the routes in API Gateway's place. */
export async function serveHttp({ host, port, findRoute, log }: HttpOptions): Promise<HttpServer> {
  const server = createServer(
    { keepAliveTimeout: keepAliveMs, headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs },
    (request, response) => {
      answer(request, response, { findRoute, log }).catch((error: unknown) => {
        if (!request.destroyed) log(`http: ${error instanceof Error ? error.message : String(error)}`);
        response.destroy();
      });
    },
  );
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

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { findRoute, log }: Pick<HttpOptions, 'findRoute' | 'log'>,
): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  if (!isDecodable(path)) return writeAnswer(response, badPath);
  const route = findRoute(method, path);
  if (!route) return writeAnswer(response, failureAnswer(404, 'not_found', 'Not found'));
  let body: Buffer | undefined;
  try {
    body = await readBody(request);
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    response.shouldKeepAlive = false;
    return writeAnswer(response, failureAnswer(413, 'payload_too_large', 'Request payload is too large.'));
  }
  const query = mark < 0 ? '' : url.slice(mark + 1);
  const received = { request, path, query, body, requestId: randomUUID(), now: new Date() };
  try {
    writeAnswer(response, readAnswer(await route.invoke(toEvent(received, route))));
  } catch (error) {
    log(`http: ${route.routeKey} failed: ${error instanceof Error ? error.message : String(error)}`);
    writeAnswer(response, error instanceof TimedOut ? unavailable : internalError);
  }
}

function isDecodable(path: string): boolean {
  if (!path.includes('%')) return true;
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
