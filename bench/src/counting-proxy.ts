import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that went through, with what came back. */
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
 * A proxy before an AWS endpoint that speaks JSON, which tells of every exchange.
 *
 * @param change - may add to a request's body, such as that consumed capacity is to be returned
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
  // A server that listens on a TCP port has an address of this kind.
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
  // What a client request answers with is one message.
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
