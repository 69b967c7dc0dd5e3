import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface MetricsServer {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/**
 * Serves `/metrics` to programs of this machine. It needs no key: there are counts, times and names of routes and queues,
 * and it listens only if the operator chose a port.
 *
 * @param write - writes the text of a scrape
 * @throws Node's own error with the code EADDRINUSE if the port is taken
 */
export async function serveMetrics(port: number, write: () => string): Promise<MetricsServer> {
  const server = createServer(({ method, url }, response) => {
    if (url !== '/metrics' || (method !== 'GET' && method !== 'HEAD')) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('The metrics are at /metrics\n');
      return;
    }
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(write());
  });
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
