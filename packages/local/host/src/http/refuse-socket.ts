import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { AnsweredRequest } from '@posthorn/contracts/api/request-facts';
import { answerFailure, type Failure } from './refusal.ts';
import type { Answer } from './write-answer.ts';

/** Ends connections with an answer that no request has got. */
export interface SocketRefusals {
  has(socket: Socket): boolean;
  /** Writes the answer, reads on for a moment, and closes the connection. */
  refuse(socket: Socket, failure: Failure): void;
}

/**
 * A connection that is closed while the client still sends is reset, and the client may not get the answer. So what it
 * sends is read for a moment.
 */
export function createSocketRefusals(
  lingerMs: number,
  onRefused: (line: AnsweredRequest) => void = () => undefined,
): SocketRefusals {
  const refused = new WeakSet<Socket>();
  return {
    has: (socket) => refused.has(socket),
    refuse(socket, failure) {
      if (refused.has(socket)) return;
      refused.add(socket);
      const { answer, line } = answerFailure(failure);
      onRefused(line);
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
