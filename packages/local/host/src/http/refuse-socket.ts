import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Answer } from './write-answer.ts';

/** Ends connections with an answer that no request has got. */
export interface SocketRefusals {
  has(socket: Socket): boolean;
  /** Writes the answer, reads on for a moment, and closes the connection. */
  refuse(socket: Socket, answer: Answer): void;
}

/**
 * A connection that is closed while the client still sends is reset, and the client may not get the answer. So what it
 * sends is read for a moment.
 */
export function createSocketRefusals(
  lingerMs: number,
  onRefused: (answer: Answer) => void = () => undefined,
): SocketRefusals {
  const refused = new WeakSet<Socket>();
  return {
    has: (socket) => refused.has(socket),
    refuse(socket, answer) {
      if (refused.has(socket)) return;
      refused.add(socket);
      onRefused(answer);
      if (!socket.writable) return void socket.destroy();
      // The client may close the connection at any time.
      socket.on('error', () => socket.destroy());
      socket.end(toText(answer));
      const timer = setTimeout(() => socket.destroy(), lingerMs);
      socket.once('close', () => clearTimeout(timer));
    },
  };
}

function toText({ statusCode, headers, body }: Answer): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return [
    `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode] ?? ''}\r\n`,
    ...lines,
    `date: ${new Date().toUTCString()}\r\n`,
    `content-length: ${Buffer.byteLength(body)}\r\n`,
    'connection: close\r\n\r\n',
    body,
  ].join('');
}
