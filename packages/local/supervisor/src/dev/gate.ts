import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The port of the API while the process behind it comes and goes. */
export interface Gate {
  readonly port: number;
  /** Resolves when no request is with the process behind it, but no later than after this time. */
  drain(ms: number): Promise<void>;
  stop(): Promise<void>;
}

export interface GateOptions {
  readonly host: string;
  readonly port: number;
  /** The port of the process behind it, on loopback. */
  readonly targetPort: number;
  /** Resolves when that process is ready. Rejects if it will not be. */
  readonly ready: () => Promise<void>;
}

/** Headers of one connection, not of the request. */
const ofConnection: ReadonlySet<string> = new Set(['connection', 'keep-alive']);

/**
 * Passes requests on to the process behind it, as they are. While that process is started again, requests wait. If it
 * cannot be started, they are answered with 503.
 */
export async function openGate({ host, port, ...target }: GateOptions): Promise<Gate> {
  const passed = new Set<ServerResponse>();
  const onPass = (response: ServerResponse) => {
    passed.add(response);
    response.once('close', () => passed.delete(response));
  };
  const server = createServer((received, response) => {
    pass(received, response, { ...target, onPass }).catch((error: unknown) => refuse(response, error));
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async drain(ms) {
      const signal = AbortSignal.timeout(ms);
      const ends = [...passed].map((response) => once(response, 'close', { signal }).catch(() => undefined));
      await Promise.all(ends);
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Passing extends Pick<GateOptions, 'targetPort' | 'ready'> {
  /** Is called when a request is passed on. */
  readonly onPass: (response: ServerResponse) => void;
}

async function pass(
  received: IncomingMessage,
  response: ServerResponse,
  { targetPort, ready, onPass }: Passing,
): Promise<void> {
  await ready();
  if (response.destroyed) return;
  onPass(response);
  const { method, url: path, rawHeaders } = received;
  const sent = request({
    host: 'localhost',
    port: targetPort,
    agent: false,
    setHost: false,
    method,
    path,
    headers: pairsWithout(rawHeaders).flat(),
  });
  response.once('close', () => sent.destroy());
  received.pipe(sent);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    // Later errors end the answer, which has an own listener.
    sent.once('response', resolve).on('error', reject);
  });
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, pairsWithout(answer.rawHeaders).flat());
  answer.once('error', () => response.destroy());
  answer.pipe(response);
}

/** The headers as they were sent, but for those of the connection. */
function pairsWithout(raw: readonly string[]): readonly (readonly [string, string])[] {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const [name = '', value = ''] = raw.slice(index, index + 2);
    if (!ofConnection.has(name.toLowerCase())) pairs.push([name, value]);
  }
  return pairs;
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const detail = error instanceof Error ? error.message : String(error);
  const body = JSON.stringify({ code: 'unavailable', detail });
  response.writeHead(503, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
}
