import { createServer } from 'node:http';
import { type LoopbackServer, listenOnLoopback } from '../loopback-server.ts';

/**
 * Serves `/metrics` to programs of this machine. It needs no key: there are counts, times and names of routes and queues,
 * and it listens only if the operator chose a port.
 *
 * @param write - writes the text of a scrape
 * @throws Node's own error with the code EADDRINUSE if the port is taken
 */
export async function serveMetrics(port: number, write: () => string): Promise<LoopbackServer> {
  const server = createServer(({ method, url }, response) => {
    if (url !== '/metrics' || (method !== 'GET' && method !== 'HEAD')) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('The metrics are at /metrics\n');
      return;
    }
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(write());
  });
  return listenOnLoopback(server, port);
}
