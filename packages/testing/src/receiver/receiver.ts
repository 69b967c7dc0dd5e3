import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived. */
export interface ReceivedRequest {
  readonly path: string;
  readonly method: string;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** The text, byte for byte. */
  readonly body: string;
  /** Which of all requests this was, from 1. */
  readonly order: number;
  readonly arrivedAt: Date;
}

/** What the receiver does with a request. `reset`: drops the connection. `hang`: never answers. */
export type ReceiverAnswer =
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  | 'reset'
  | 'hang';

export type Respond = (request: ReceivedRequest) => ReceiverAnswer | Promise<ReceiverAnswer>;

/** A real HTTP server on loopback that records what it gets and fails on demand. */
export interface Receiver {
  /** `http://localhost:<port>`: any path below it is an endpoint. */
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  requestsTo(path: string): readonly ReceivedRequest[];
  /** From now on, requests to the path are answered so; to the others with 200. */
  respond(path: string, respond: Respond): void;
  /** Resolves once the requests so far satisfy the predicate; rejects with their number when the time is over. */
  waitFor(isEnough: (requests: readonly ReceivedRequest[]) => boolean, timeoutMs?: number): Promise<void>;
  stop(): Promise<void>;
}

const defaultTimeoutMs = 30_000;

export async function startReceiver(): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  const answers = new Map<string, Respond>();
  const waiting = new Set<() => void>();
  const server = createServer(async (request, response) => {
    const received = await receive(request, requests.length + 1);
    requests.push(received);
    const respond = answers.get(received.path) ?? (() => ({ status: 200 }));
    answer(response, await respond(received));
    for (const check of waiting) check();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a TCP port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    requests,
    requestsTo: (path) => requests.filter((request) => request.path === path),
    respond: (path, respond) => void answers.set(path, respond),
    waitFor: (isEnough, timeoutMs = defaultTimeoutMs) => waitUntil({ isEnough, requests, waiting, timeoutMs }),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function receive(request: IncomingMessage, order: number): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { url = '', method = '', headers } = request;
  return { path: url, method, headers, body: Buffer.concat(chunks).toString('utf8'), order, arrivedAt: new Date() };
}

function answer(response: ServerResponse, given: ReceiverAnswer): void {
  if (given === 'hang') return;
  if (given === 'reset') return void response.socket?.resetAndDestroy();
  response.writeHead(given.status, given.headers).end(given.body ?? '');
}

interface Waiting {
  readonly isEnough: (requests: readonly ReceivedRequest[]) => boolean;
  readonly requests: readonly ReceivedRequest[];
  readonly waiting: Set<() => void>;
  readonly timeoutMs: number;
}

function waitUntil({ isEnough, requests, waiting, timeoutMs }: Waiting): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => end(new Error(`not within ${timeoutMs} ms; ${requests.length} requests so far`)),
      timeoutMs,
    );
    const check = () => {
      if (isEnough(requests)) end();
    };
    const end = (error?: Error) => {
      clearTimeout(timer);
      waiting.delete(check);
      if (error) reject(error);
      else resolve();
    };
    waiting.add(check);
    check();
  });
}
