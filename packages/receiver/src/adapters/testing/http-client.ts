import { type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Delivery } from './a-delivery.ts';
import type { AdapterAnswer } from './adapter-promises.ts';

interface Sending {
  readonly path?: string;
  /** Without a Content-Length. */
  readonly isChunked?: boolean;
}

/** Sends a request to a server on this machine. The headers go out as they are, also repeated ones. */
export function sendOverHttp(
  port: number,
  { method, headers, body }: Delivery,
  { path = '/webhooks', isChunked = false }: Sending = {},
): Promise<AdapterAnswer> {
  const length = body.byteLength === 0 ? [] : ['content-length', String(body.byteLength)];
  const framing = isChunked ? ['transfer-encoding', 'chunked'] : length;
  return new Promise((resolve, reject) => {
    const sent = request({
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: ['host', `127.0.0.1:${port}`, 'connection', 'close', ...framing, ...headers.flat()],
    });
    sent.on('response', (response) => readAnswer(response).then(resolve, reject));
    sent.on('error', reject);
    sent.end(body);
  });
}

async function readAnswer(response: IncomingMessage): Promise<AdapterAnswer> {
  const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
  return { status: response.statusCode ?? 0, headers, body: await text(response) };
}

/** A connection on which a test writes what it likes. */
export interface RawConnection {
  readonly socket: Socket;
  /** What has come so far. */
  received(): string;
  /** Resolves when the received text matches. Rejects when the connection ends before that. */
  waitFor(pattern: RegExp): Promise<void>;
  /** Resolves when the connection is closed. @returns the code of the error that closed it, if it was one */
  readonly closed: Promise<string | undefined>;
}

export function connectTo(port: number): RawConnection {
  const socket = connect({ host: '127.0.0.1', port });
  let received = '';
  let errorCode: string | undefined;
  socket.setEncoding('utf8');
  socket.on('data', (chunk) => {
    received += chunk;
  });
  socket.on('error', ({ code }: NodeJS.ErrnoException) => {
    errorCode = code;
  });
  const closed = new Promise<string | undefined>((resolve) => socket.on('close', () => resolve(errorCode)));
  const waitFor = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const check = () => pattern.test(received) && resolve();
      socket.on('data', check);
      socket.on('close', () => reject(new Error(`The connection has ended, with ${JSON.stringify(received)}`)));
      check();
    });
  return { socket, received: () => received, waitFor, closed };
}

/** The text of a request's head. */
export const writeHead = ({ method, headers }: Delivery, framing: string, path = '/webhooks'): string =>
  [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    framing,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ].join('\r\n');
