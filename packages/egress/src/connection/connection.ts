import type { Socket } from 'node:net';

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
}

export function createConnection(socket: Socket, openedAt: number): Connection {
  const connection: Connection = { socket, openedAt, isKept: false, isReused: false, hasAnswered: false };
  socket.on('data', () => {
    connection.hasAnswered = true;
    // No request is open: what arrives now could be mistaken for the next answer.
    if (connection.isKept) socket.destroy();
  });
  // A connection may break between two exchanges. The next exchange notices it.
  socket.on('error', () => undefined);
  return connection;
}
