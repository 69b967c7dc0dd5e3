import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A port in front of a program that is killed and started again. */
export interface FrontDoor {
  readonly port: number;
  stop(): Promise<void>;
}

const tryEveryMs = 100;
/** Less than an attempt may take. */
const patienceMs = 12_000;

/**
 * Passes connections on to a port. While nothing listens there, they wait, as they do at a load balancer or with socket
 * activation. So only the requests that a dying program was working on fail, and the endpoint does not count as dead.
 */
export async function openFrontDoor(port: number): Promise<FrontDoor> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    const deadline = performance.now() + patienceMs;
    let inner: Socket | undefined;
    const tryOnce = () => {
      const next = keep(connect(port, 'localhost'));
      inner = next;
      let isOpen = false;
      next.on('connect', () => {
        isOpen = true;
        client.pipe(next).pipe(client);
      });
      next.on('close', () => {
        if (isOpen || client.destroyed || performance.now() > deadline) client.destroy();
        else setTimeout(tryOnce, tryEveryMs);
      });
    };
    keep(client).on('close', () => inner?.destroy());
    tryOnce();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    // A server on a TCP port always has an `AddressInfo`.
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
