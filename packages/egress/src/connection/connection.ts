import type { Socket } from 'node:net';
import { Unreachable } from '../failure/unreachable.ts';

/** A connection to an endpoint, for one exchange at a time. */
export interface Connection {
  readonly socket: Socket;
  /** Milliseconds since 1970. */
  readonly openedAt: number;
  /** Whether it waits for its next exchange. */
  isKept: boolean;
  /** Whether it has served an exchange before. */
  isReused: boolean;
  /** Whether a byte has arrived since the present exchange began. */
  hasAnswered: boolean;
  /** The bytes that have arrived since the present exchange began. */
  received: number;
}

/**
 * The most bytes that are read in one exchange. An answer within its own limits has far less: they limit headers and body,
 * but not what HTTP allows between them, such as extensions and leading zeros of chunks.
 */
const maxReceivedBytes = 1_048_576;

export function createConnection(socket: Socket, openedAt: number): Connection {
  const connection: Connection = { socket, openedAt, isKept: false, isReused: false, hasAnswered: false, received: 0 };
  socket.on('data', ({ length }: Uint8Array) => {
    connection.hasAnswered = true;
    connection.received += length;
    if (connection.received > maxReceivedBytes) socket.destroy(new Unreachable('too-much-overhead'));
    // No request is open: what arrives now could be mistaken for the next answer.
    if (connection.isKept) socket.destroy();
  });
  // A connection may break between two exchanges. The next exchange notices it.
  socket.on('error', () => undefined);
  return connection;
}
