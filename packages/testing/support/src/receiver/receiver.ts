import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from './wait-until.ts';

/** A request as it arrived. */
export interface ReceivedRequest {
  /** With the query, if there is one. */
  readonly path: string;
  readonly method: string;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** The body, byte for byte. */
  readonly body: string;
  /** The number of this request among all requests, from 1. */
  readonly order: number;
  readonly arrivedAt: Date;
}

/** What the receiver does with a request. `reset`: drops the connection. `hang`: never answers. */
export type ReceiverAnswer =
  | {
      readonly status: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** Waits this long before it answers. */
      readonly delayMs?: number;
    }
  | 'reset'
  | 'hang';

/** If it throws, the receiver answers 500 with the error's message. */
export type Respond = (request: ReceivedRequest) => ReceiverAnswer | Promise<ReceiverAnswer>;

/** A real HTTP server on loopback that records what it gets and fails on demand. */
export interface Receiver {
  /** `http://localhost:<port>`: any path below it is an endpoint. */
  readonly url: string;
  /** All complete requests so far, in the order of arrival. */
  readonly requests: readonly ReceivedRequest[];
  requestsTo(path: string): readonly ReceivedRequest[];
  /** From now on, requests to the path get this response. Other paths get 200. */
  respond(path: string, respond: Respond): void;
  /** Resolves when the requests so far satisfy the predicate. After the time limit it rejects with what has arrived. */
  waitFor(isEnough: (requests: readonly ReceivedRequest[]) => boolean, timeoutMs?: number): Promise<void>;
  stop(): Promise<void>;
}

export interface ReceiverOptions {
  /** A free port if absent. With the port of a stopped receiver, an endpoint comes back. */
  readonly port?: number;
}

/** Ends a wait for what never comes, also on a slow machine. */
const defaultTimeoutMs = 1_500_000;

export async function startReceiver({ port: wantedPort = 0 }: ReceiverOptions = {}): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  const responders = new Map<string, Respond>();
  const waiting = new Set<() => void>();
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    if (body === undefined) return;
    const received = toReceived(request, { body, order: requests.length + 1 });
    requests.push(received);
    for (const check of waiting) check();
    await answer(response, responders.get(received.path), received);
  });
  server.listen(wantedPort, '127.0.0.1');
  await once(server, 'listening');
  // A server on a TCP port always has an `AddressInfo`.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    requests,
    requestsTo: (path) => requests.filter((request) => request.path === path),
    respond: (path, respond) => void responders.set(path, respond),
    waitFor: (isEnough, timeoutMs = defaultTimeoutMs) =>
      waitUntil({ isEnough: () => isEnough(requests), seen: () => summaryOf(requests), waiting, timeoutMs }),
    stop: async () => {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Returns `undefined` if the sender disconnected before it had sent everything. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch (error) {
    if (request.complete) throw error;
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}

const toReceived = (
  { url = '', method = '', headers }: IncomingMessage,
  rest: Pick<ReceivedRequest, 'body' | 'order'>,
): ReceivedRequest => ({ path: url, method, headers, arrivedAt: new Date(), ...rest });

async function answer(
  response: ServerResponse,
  respond: Respond | undefined,
  received: ReceivedRequest,
): Promise<void> {
  const given = respond === undefined ? { status: 200 } : await answerOf(respond, received);
  if (given === 'hang') return;
  if (given === 'reset') return void response.socket?.resetAndDestroy();
  if (given.delayMs !== undefined) await sleep(given.delayMs, undefined, { ref: false });
  response.writeHead(given.status, given.headers).end(given.body ?? '');
}

async function answerOf(respond: Respond, received: ReceivedRequest): Promise<ReceiverAnswer> {
  try {
    return await respond(received);
  } catch (error) {
    return { status: 500, body: error instanceof Error ? error.message : String(error) };
  }
}

/** The number of requests by path: `2 to /a, 1 to /b`. */
function summaryOf(requests: readonly ReceivedRequest[]): string {
  const paths = Object.entries(Object.groupBy(requests, ({ path }) => path));
  return paths.map(([path, to = []]) => `${to.length} to ${path}`).join(', ') || 'none';
}
