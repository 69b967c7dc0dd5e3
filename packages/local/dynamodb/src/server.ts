import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';
import { type AccessKey, accessKeyIdOf, checkSignature, type RefusalReason } from '@posthorn/local-signatures';
import type { LimitedAccess } from './access/rights.ts';
import { createTurns, type TakeTurn } from './access/turns.ts';
import { type EmbeddedDynamodb, openEmbeddedDynamodb } from './engine/engine.ts';
import { RequestFailure, toAnsweredFailure } from './failure.ts';
import { AnswerLost, type Faults } from './faults/faults.ts';
import type { LimitedKey, ServerOptions, ServingOptions } from './options.ts';

/** An embedded DynamoDB that listens on a port. */
export interface DynamodbServer {
  /** The endpoint for DynamoDB and DynamoDB Streams. */
  readonly endpoint: string;
  readonly faults: Faults;
  stop(): Promise<void>;
}

/**
 * Serves DynamoDB and DynamoDB Streams on a port of this machine. Requests must have a signature. Without `accessKey` it
 * is not verified, and any program that can reach the port can read and change all data.
 *
 * @throws FolderInUse, FormatUnknown; Node's own error with the code EADDRINUSE if the port is taken
 */
export async function startDynamodbEmbedded(options: ServerOptions = {}): Promise<DynamodbServer> {
  const dynamodb = await openEmbeddedDynamodb(options);
  const server = await serveDynamodb(dynamodb, options).catch(async (error: unknown) => {
    await dynamodb.close();
    throw error;
  });
  const stop = async () => {
    await server.stop();
    await dynamodb.close();
  };
  return { ...server, stop };
}

/**
 * Serves an open store. `stop` closes the port, and the store stays open.
 *
 * @throws Node's own error with the code EADDRINUSE if the port is taken
 */
export async function serveDynamodb(dynamodb: EmbeddedDynamodb, options: ServingOptions = {}): Promise<DynamodbServer> {
  const { port = 0, host = '127.0.0.1', accessKey, limitedKeys = [] } = options;
  const turns = createTurns(options.limitedAtATime ?? limitedAtATime);
  const served: Served = { dynamodb, accessKey, limitedKeys, turns };
  const server = createServer((request, response) => {
    answerInTurn(served, request, response).catch((error: unknown) => {
      // A client that disconnects during its request is normal.
      if (!request.destroyed) process.emitWarning(`dynamodb-embedded: ${String(error)}`);
      response.destroy();
    });
  });
  // Longer than the default, because a client that reuses an idle connection would find it closed.
  server.keepAliveTimeout = 60_000;
  // A request that never ends would keep its turn.
  server.requestTimeout = 30_000;
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    endpoint: `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`,
    faults: dynamodb.faults,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const maxRequestBytes = 16 * 1_024 * 1_024;
const services = ['DynamoDB_20120810', 'DynamoDBStreams_20120810'];
const coral = 'com.amazon.coral.service';

/** As many as keep one core busy, and no more: what has no limited key waits for all that are worked on. */
const limitedAtATime = 8;
/** A request takes one more turn for each of these. */
const bytesOfTurn = 64 * 1_024;

interface Served {
  readonly dynamodb: EmbeddedDynamodb;
  readonly accessKey: AccessKey | undefined;
  readonly limitedKeys: readonly LimitedKey[];
  readonly turns: TakeTurn;
}

/** Answers a request with the key without limits at once, and all others in turn, before anything of them is read. */
function answerInTurn(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { accessKey, limitedKeys, turns } = served;
  const keyId = accessKey && accessKeyIdOf(request.headers);
  const limited = limitedKeys.find(({ id }) => id === keyId);
  if (!limited) return answer(served, request, response);
  return turns(weightOf(request), () => answer(served, request, response, limited));
}

/** A large body takes the CPU of several small ones. One of unknown length counts as the largest. */
const weightOf = ({ headers }: IncomingMessage): number =>
  1 + Math.floor(Number(headers['content-length'] ?? maxRequestBytes) / bytesOfTurn);

async function answer(
  { dynamodb, accessKey }: Served,
  request: IncomingMessage,
  response: ServerResponse,
  limitedKey?: LimitedKey,
): Promise<void> {
  const text = await readBody(request);
  if (text === undefined) return send(response, 413, '');
  try {
    if (accessKey) requireSignature(request, text, limitedKey ?? accessKey);
    if (request.method === 'GET') return send(response, 200, 'healthy: dynamodb.us-east-1.amazonaws.com ');
    const { operation, body } = toOperation(request, text);
    const limited: LimitedAccess | undefined = limitedKey && { keyId: limitedKey.id, rights: limitedKey.rights };
    send(response, 200, JSON.stringify(await dynamodb.execute(operation, body, limited)));
  } catch (error) {
    if (error instanceof AnswerLost) return void response.destroy();
    const { type, message, details, statusCode } = toAnsweredFailure(error);
    send(response, statusCode, JSON.stringify({ __type: type, ...(message !== '' && { message }), ...details }));
  }
}

/** DynamoDB's names. */
const refusalTypes: Readonly<Record<RefusalReason, string>> = {
  missing: `${coral}#MissingAuthenticationTokenException`,
  'unknown-key': `${coral}#UnrecognizedClientException`,
  wrong: `${coral}#InvalidSignatureException`,
  expired: `${coral}#InvalidSignatureException`,
};

function requireSignature(request: IncomingMessage, body: string, accessKey: AccessKey): void {
  const { method = '', url = '', headers } = request;
  const refusal = checkSignature({ method, url, headers, body }, accessKey, Date.now());
  if (refusal) throw new RequestFailure(refusalTypes[refusal.reason], refusal.message);
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > maxRequestBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function toOperation({ headers }: IncomingMessage, text: string): { operation: string; body: object } {
  const [service = '', operation = ''] = String(headers['x-amz-target'] ?? '').split('.');
  if (!services.includes(service)) throw new RequestFailure(`${coral}#UnknownOperationException`, '');
  if (!headers.authorization?.startsWith('AWS4-'))
    throw new RequestFailure(`${coral}#MissingAuthenticationTokenException`, 'Request is missing Authentication Token');
  return { operation, body: parse(text) };
}

function parse(text: string): object {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new RequestFailure(`${coral}#SerializationException`, '');
}

function send(response: ServerResponse, statusCode: number, body: string): void {
  response.writeHead(statusCode, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(body),
    'x-amz-crc32': crc32(body),
    'x-amzn-requestid': randomBytes(26).toString('hex').toUpperCase(),
  });
  response.end(body);
}
