import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection over which a test sends any bytes. */
export interface RawClient {
  readonly socket: Socket;
  send(text: string): void;
  /** Everything that the server has sent so far. */
  received(): string;
  /** Resolves when the server has sent text that matches. Rejects if it closes the connection without it. */
  until(pattern: RegExp): Promise<string>;
  /** Resolves with everything when the server has closed the connection. */
  closed(): Promise<string>;
}

export async function openRawClient(port: number, host = '127.0.0.1'): Promise<RawClient> {
  const socket = connect(port, host);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  // A connection that the server resets ends with an error.
  socket.on('error', () => undefined);
  const closing = new Promise<string>((resolve) => socket.once('close', () => resolve(text)));
  await once(socket, 'connect');
  return {
    socket,
    send: (bytes) => void socket.write(bytes),
    received: () => text,
    async until(pattern) {
      while (!pattern.test(text)) {
        if (socket.closed) throw new Error(`The connection was closed without ${pattern}: ${text}`);
        await Promise.race([once(socket, 'data'), closing]);
      }
      return text;
    },
    closed: () => closing,
  };
}

/** The status and the JSON body of the last answer in a text. */
export function readLastAnswer(text: string): { readonly status: number; readonly body: unknown } {
  const start = text.lastIndexOf('HTTP/1.1 ');
  const [head = '', body = ''] = text.slice(start).split('\r\n\r\n');
  return { status: Number(head.slice(9, 12)), body: body === '' ? undefined : JSON.parse(body) };
}
