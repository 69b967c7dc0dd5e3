import { createServer } from 'node:http';
import { hasToken } from '../bearer-token.ts';
import { type LoopbackServer, listenOnLoopback } from '../loopback-server.ts';

export interface MetricsOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** What requests must have as their bearer token. */
  readonly token: string;
  /** Writes the text of a scrape. */
  readonly write: () => string;
}

/**
 * Serves `/metrics` on loopback to who has the token.
 *
 * @throws Node's own error with the code EADDRINUSE if the port is taken
 */
export async function serveMetrics({ port, token, write }: MetricsOptions): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    const { method, url } = request;
    const text = { 'content-type': 'text/plain' };
    if (!hasToken(request, token))
      response
        .writeHead(401, { ...text, 'www-authenticate': 'Bearer' })
        .end('The bearer token is missing or wrong. It is in the file metrics-token of the data folder\n');
    else if (url !== '/metrics' || (method !== 'GET' && method !== 'HEAD'))
      response.writeHead(404, text).end('The metrics are at /metrics\n');
    else response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(write());
  });
  return listenOnLoopback(server, port);
}
