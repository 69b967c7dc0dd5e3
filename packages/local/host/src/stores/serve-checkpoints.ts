import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Checkpoint } from '@posthorn/local-event-sources';
import type { Storage } from '@posthorn/local-storage';
import { hasToken } from '../bearer-token.ts';
import { listenOnLoopback } from '../loopback-server.ts';
import type { CloudOptions } from './cloud-options.ts';
import { readStoredCheckpoint, saveCheckpoint } from './stored-checkpoints.ts';

/** Where other processes load and save checkpoints. */
export interface CheckpointsEndpoint {
  readonly url: string;
  /** Requests must have it as their bearer token. It is the same after a restart. */
  readonly token: string;
}

export interface CheckpointsServer {
  readonly endpoint: CheckpointsEndpoint;
  stop(): Promise<void>;
}

/** More than enough for a position in each shard. */
const maxBytes = 1_048_576;
const nameForm = /^\/([\w.-]{1,255})$/;

/**
 * Serves the checkpoints of the storage to the processes that run the functions: `GET /<name>` and `PUT /<name>`. They
 * are the rows that the host itself uses when it runs the functions. So each of the two continues where the other ended.
 */
export async function serveCheckpoints({
  storage,
  ports,
  accessKey,
}: Pick<CloudOptions, 'ports' | 'accessKey'> & { readonly storage: Storage }): Promise<CheckpointsServer> {
  const token = createHmac('sha256', accessKey.secret).update('checkpoints').digest('hex');
  const server = createServer((request, response) => {
    answer(request, response, { storage, token }).catch((error: unknown) => {
      // The client logs the reason and continues; a checkpoint that is not saved means that records are read again.
      if (!response.headersSent) send(response, 503, error instanceof Error ? error.message : String(error));
      else response.destroy();
    });
  });
  server.keepAliveTimeout = 60_000;
  const { endpoint, stop } = await listenOnLoopback(server, ports.checkpoints);
  return { endpoint: { url: endpoint, token }, stop };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { storage, token }: { readonly storage: Storage; readonly token: string },
): Promise<void> {
  if (!hasToken(request, token)) return send(response, 401, 'A token is needed');
  const [, name] = nameForm.exec(request.url ?? '') ?? [];
  if (name === undefined) return send(response, 404, 'There is no such checkpoint');
  if (request.method === 'GET') {
    const checkpoint = readStoredCheckpoint(storage, name);
    return checkpoint ? send(response, 200, JSON.stringify(checkpoint)) : send(response, 404, 'No checkpoint yet');
  }
  if (request.method !== 'PUT') return send(response, 405, 'Use GET or PUT');
  const checkpoint = toCheckpoint(await readText(request));
  if (checkpoint === undefined) return send(response, 400, 'This is not a checkpoint');
  await saveCheckpoint(storage, name, checkpoint);
  send(response, 204, '');
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > maxBytes) return '';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function toCheckpoint(text: string): Checkpoint | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isCheckpoint(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** The positions themselves come from the reader of the stream, which has the token. */
const isCheckpoint = (value: unknown): value is Checkpoint =>
  isObject(value) && typeof value.streamArn === 'string' && isObject(value.shards);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-length': Buffer.byteLength(text) }).end(text);
}
