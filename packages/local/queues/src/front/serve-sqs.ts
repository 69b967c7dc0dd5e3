import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AccessKey, checkSignature, type RefusalReason } from '@posthorn/local-signatures';
import { SqsFailure, toFailure } from '../operations/failure.ts';
import type { LocalQueues } from '../queues.ts';
import { sendFailure, sendOutput } from './responses.ts';

export interface SqsServerOptions {
  readonly queues: Pick<LocalQueues, 'execute'>;
  /** Any free port if absent or 0. */
  readonly port?: number;
  /** Default: 127.0.0.1, which other machines cannot reach. */
  readonly host?: string;
  /** The key that requests must be signed with. If absent, any key is accepted: the signature is not verified. */
  readonly accessKey?: AccessKey;
}

/** Queues that are served with SQS's JSON protocol. */
export interface SqsServer {
  readonly endpoint: string;
  /** Ends all connections, and waits for what they have begun. The queues stay open. */
  stop(): Promise<void>;
}

/** @throws Node's own error with the code EADDRINUSE if the port is taken */
export async function serveSqs(options: SqsServerOptions): Promise<SqsServer> {
  const { port = 0, host = '127.0.0.1' } = options;
  const running = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const answering = answer(options, request, response).catch((error: unknown) => {
      // A client that disconnects during its request is normal.
      if (!request.destroyed) process.emitWarning(`local-queues: ${String(error)}`);
      response.destroy();
    });
    running.add(answering);
    answering.finally(() => running.delete(answering));
  });
  // Longer than the default, because a client that reuses an idle connection would find it closed.
  server.keepAliveTimeout = 65_000;
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    endpoint: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await Promise.all(running);
    },
  };
}

/** Ten entries or a message of 1 MiB, in JSON with escapes. */
const maxRequestBytes = 8 * 1_024 * 1_024;
const service = 'AmazonSQS';

async function answer(
  { queues, accessKey }: SqsServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const body = await readBody(request);
    const { method = '', url = '', headers } = request;
    const refusal = checkSignature({ method, url, headers, body }, accessKey, Date.now());
    if (refusal) throw new SqsFailure(refusalCodes[refusal.reason], refusal.message, 403);
    const endpoint = `http://${headers.host ?? 'localhost'}`;
    const output = await queues.execute(toOperation(request), parse(body), { endpoint, signal: gone.signal });
    sendOutput(response, output);
  } catch (error) {
    sendFailure(response, toFailure(error));
  }
}

/** SQS's names. */
const refusalCodes: Readonly<Record<RefusalReason, string>> = {
  missing: 'MissingAuthenticationToken',
  'unknown-key': 'InvalidClientTokenId',
  wrong: 'SignatureDoesNotMatch',
  expired: 'SignatureDoesNotMatch',
};

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > maxRequestBytes)
      throw new SqsFailure('RequestTooLarge', `The request is larger than ${maxRequestBytes} bytes.`, 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function toOperation({ headers }: IncomingMessage): string {
  const [name, operation = ''] = String(headers['x-amz-target'] ?? '').split('.');
  if (name === service) return operation;
  throw new SqsFailure(
    'UnknownOperationException',
    `The header X-Amz-Target must be ${service} and an operation. Only the JSON protocol is served.`,
  );
}

function parse(text: string): object {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new SqsFailure('SerializationException', 'The body of the request is not a JSON object.');
}
