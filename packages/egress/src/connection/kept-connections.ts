import type { Connection } from './connection.ts';

/** Connections that wait for their next exchange. */
export interface KeptConnections {
  /** The one that was used last, or `undefined` if there is none. */
  take(origin: string): Connection | undefined;
  /** Closes the connection instead if `keepMs` is not positive, if it is old, or if too many are kept. */
  keep(origin: string, connection: Connection, keepMs: number): void;
  /** Closes those whose time is over. */
  sweep(): void;
}

interface Kept {
  readonly connection: Connection;
  readonly until: number;
}

/** After this time a name is looked up again: an endpoint that moves is followed, however much is sent to it. */
const maxAgeMs = 60_000;

/** The most kept connections of a process: each is a file descriptor. */
export const maxKeptConnections = 500;

/** @param now - milliseconds since 1970 */
export function createKeptConnections(now: () => number = Date.now): KeptConnections {
  const byOrigin = new Map<string, Kept[]>();
  let count = 0;

  const isUsable = ({ connection, until }: Kept) => connection.socket.writable && now() < until;
  const take = (origin: string): Connection | undefined => {
    const list = byOrigin.get(origin) ?? [];
    for (let kept = list.pop(); kept; kept = list.pop()) {
      count -= 1;
      if (isUsable(kept)) return wake(kept.connection);
      kept.connection.socket.destroy();
    }
    byOrigin.delete(origin);
    return undefined;
  };

  return {
    take,
    keep: (origin, connection, keepMs) => {
      const isOld = now() - connection.openedAt >= maxAgeMs;
      if (keepMs <= 0 || isOld || count >= maxKeptConnections) return void connection.socket.destroy();
      const list = byOrigin.get(origin);
      const kept = { connection: rest(connection), until: now() + keepMs };
      if (list) list.push(kept);
      else byOrigin.set(origin, [kept]);
      count += 1;
    },
    sweep: () => {
      for (const [origin, list] of byOrigin) {
        const usable = list.filter(isUsable);
        for (const kept of list) if (!usable.includes(kept)) kept.connection.socket.destroy();
        count -= list.length - usable.length;
        if (usable.length > 0) byOrigin.set(origin, usable);
        else byOrigin.delete(origin);
      }
    },
  };
}

/** A kept connection does not keep the process alive. */
function rest(connection: Connection): Connection {
  connection.isKept = true;
  connection.socket.unref();
  return connection;
}

function wake(connection: Connection): Connection {
  connection.socket.ref();
  connection.isKept = false;
  connection.isReused = true;
  connection.hasAnswered = false;
  connection.received = 0;
  return connection;
}
