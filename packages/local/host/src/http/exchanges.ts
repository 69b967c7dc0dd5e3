import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A client that sends more requests than this without waiting for answers is disconnected. */
const mostPerConnection = 100;

/** A request and its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** The requests of each connection that have no answer yet. */
export interface Exchanges {
  /** Serves a request when all earlier ones of its connection are answered, as a request may depend on them. */
  add(exchange: Exchange, serve: (exchange: Exchange) => void): void;
  of(socket: Socket): readonly Exchange[];
  /** The latest request of a connection, whether it has an answer or not. */
  latest(socket: Socket): Exchange | undefined;
}

interface Waiting {
  readonly exchange: Exchange;
  readonly start: () => void;
}

interface Line {
  latest: Exchange;
  readonly waiting: Waiting[];
}

export function createExchanges(): Exchanges {
  const lines = new WeakMap<Socket, Line>();
  return {
    add(exchange, serve) {
      const { socket } = exchange.request;
      const line = lines.get(socket) ?? { latest: exchange, waiting: [] };
      lines.set(socket, line);
      line.latest = exchange;
      const { waiting } = line;
      if (waiting.length >= mostPerConnection) return void socket.destroy();
      const start = () => serve(exchange);
      waiting.push({ exchange, start });
      exchange.response.once('close', () => {
        waiting.shift();
        if (!socket.destroyed) waiting[0]?.start();
      });
      if (waiting.length === 1) start();
    },
    of: (socket) => lines.get(socket)?.waiting.map(({ exchange }) => exchange) ?? [],
    latest: (socket) => lines.get(socket)?.latest,
  };
}
