import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Exchange, Exchanges } from './exchanges.ts';
import type { Failure } from './refusal.ts';
import type { SocketRefusals } from './refuse-socket.ts';

const malformed: Failure = { status: 400, code: 'bad_request', detail: 'The request is not valid HTTP/1.1' };

const failures: Readonly<Record<string, Failure>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'request_timeout',
    detail: 'The request took too long to arrive. Send it again.',
  },
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'headers_too_large',
    detail: 'The headers of the request are too large.',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    code: 'payload_too_large',
    detail: 'The chunk extensions are too large.',
  },
};

/** Why a request could not be read, or nothing if the connection itself is broken. */
function failureOf({ code = '' }: NodeJS.ErrnoException): Failure | undefined {
  return failures[code] ?? (code.startsWith('HPE_') ? malformed : undefined);
}

interface ClientErrorDeps {
  readonly exchanges: Exchanges;
  readonly refusals: SocketRefusals;
}

/**
 * Answers a request that could not be read. Requests before it on the same connection get their answers first, so that no
 * client takes the refusal for the answer to another request.
 */
export async function handleClientError(
  error: NodeJS.ErrnoException,
  socket: Socket,
  { exchanges, refusals }: ClientErrorDeps,
): Promise<void> {
  // After an error, each further byte is an error.
  if (refusals.has(socket)) return;
  const failure = failureOf(error);
  if (failure === undefined) return void socket.destroy(error);
  const latest = exchanges.latest(socket);
  const broken = latest?.request.complete === false ? latest : undefined;
  const earlier = exchanges.of(socket).filter((one) => one !== broken);
  await Promise.all(earlier.map(closed));
  if (socket.destroyed) return;
  // It has got an answer before all of it was read.
  if (broken?.response.headersSent) return void socket.destroy();
  refusals.refuse(socket, failure);
}

const closed = async ({ response }: Exchange): Promise<void> => {
  if (!response.closed) await once(response, 'close');
};
