import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** A message that arrived with a valid signature. */
export interface Arrival {
  readonly messageId: string;
  /** The body byte for byte as it was sent. */
  readonly body: string;
}

/** A customer's server: it accepts webhooks at every path that it has a secret for. */
export interface Receiver {
  readonly url: string;
  /** From now on, requests to the path must be signed with this secret (`whsec_…`). */
  trust(path: string, secret: string): void;
  /** Waits for the next `count` messages at the path, and returns them in the order of arrival. */
  take(path: string, count: number): Promise<readonly Arrival[]>;
  stop(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const secrets = new Map<string, string>();
  const arrivals = new Map<string, Arrival[]>();
  let onArrival = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const body = await readBody(request);
    const secret = secrets.get(path);
    if (secret === undefined || !isSigned(request, body, secret)) return void response.writeHead(401).end();
    arrivals.set(path, [...(arrivals.get(path) ?? []), { messageId: String(request.headers['webhook-id']), body }]);
    response.writeHead(204).end();
    onArrival.resolve();
    onArrival = Promise.withResolvers();
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  // A server on a TCP port always has an `AddressInfo`.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    trust: (path, secret) => void secrets.set(path, secret),
    async take(path, count) {
      while ((arrivals.get(path) ?? []).length < count) await onArrival.promise;
      return (arrivals.get(path) ?? []).splice(0, count);
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Reads the raw text. The signature covers the bytes, and parsing and printing the JSON would change them. */
async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function isSigned({ headers }: IncomingMessage, body: string, secret: string): boolean {
  const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  try {
    new Webhook(secret).verify(body, texts);
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'WebhookVerificationError') return false;
    throw error;
  }
}
