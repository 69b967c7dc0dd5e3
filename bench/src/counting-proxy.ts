import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One forwarded request and its response. */
export interface Exchange {
  /** `PutItem`, `ReceiveMessage` …: the last part of the x-amz-target header. */
  readonly action: string;
  readonly answer: unknown;
}

export interface CountingProxy {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts a proxy in front of an AWS endpoint with a JSON protocol. It reports every exchange.
 *
 * @param change - may change a request's body, for example to ask for the consumed capacity
 */
export async function startCountingProxy(options: {
  readonly target: string;
  readonly change?: (action: string, body: Record<string, unknown>) => Record<string, unknown>;
  readonly onExchange: (exchange: Exchange) => void;
}): Promise<CountingProxy> {
  const server = createServer((incoming, outgoing) => {
    forward(options, incoming, outgoing).catch((error) => outgoing.destroy(error));
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  // A server on a TCP port always has an `AddressInfo`.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function forward(
  { target, change, onExchange }: Parameters<typeof startCountingProxy>[0],
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const action =
    String(incoming.headers['x-amz-target'] ?? '')
      .split('.')
      .at(-1) ?? '';
  const received = await readAll(incoming);
  const body = change && received.length > 0 ? JSON.stringify(change(action, JSON.parse(received))) : received;
  const { host: _, 'content-length': _length, ...headers } = incoming.headers;
  const forwarded = send(new URL(incoming.url ?? '/', target), {
    method: incoming.method,
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
  });
  forwarded.end(body);
  // The 'response' event has one argument: the response.
  const [answer] = (await once(forwarded, 'response')) as [IncomingMessage];
  const text = await readAll(answer);
  outgoing.writeHead(answer.statusCode ?? 500, withoutLength(answer.headers)).end(text);
  onExchange({ action, answer: text.startsWith('{') ? JSON.parse(text) : undefined });
}

/** The checksum is of the answer before it was read as text. */
function withoutLength({
  'content-length': _,
  'transfer-encoding': _encoding,
  ...headers
}: IncomingMessage['headers']) {
  return headers;
}

async function readAll(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
