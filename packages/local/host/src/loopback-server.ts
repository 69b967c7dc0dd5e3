import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server for programs of this machine. */
export interface LoopbackServer {
  readonly endpoint: string;
  /** Ends all connections. */
  stop(): Promise<void>;
}

/**
 * Lets a server listen on loopback.
 *
 * @param port - 0 for any free port
 * @throws Node's own error with the code EADDRINUSE if the port is taken
 */
export async function listenOnLoopback(server: Server, port: number): Promise<LoopbackServer> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a TCP port has an address of this kind.
  const address = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
