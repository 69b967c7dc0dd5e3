import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A TCP server on loopback for tests that need wrong HTTP or none. */
export interface RawServer {
  readonly port: number;
  /** All connections so far, in the order of arrival. */
  readonly connections: readonly Socket[];
  stop(): Promise<void>;
}

/** Starts a raw server. @param onConnection - gets each connection and its number, from 1 */
export async function startRawServer(onConnection: (socket: Socket, order: number) => void): Promise<RawServer> {
  const connections: Socket[] = [];
  const server = createServer((socket) => {
    connections.push(socket);
    // The other side may break connections. That is not a failure of a test.
    socket.on('error', () => socket.destroy());
    onConnection(socket, connections.length);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server on a TCP port always has an `AddressInfo`.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    connections,
    stop: async () => {
      if (!server.listening) return;
      server.close();
      for (const socket of connections) socket.destroy();
      await once(server, 'close');
    },
  };
}
