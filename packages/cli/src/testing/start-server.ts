import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A request as the server got it. */
export interface ReceivedRequest {
  readonly method: string;
  /** The path and the query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** What the server answers. A number: that status without a body. `close`: the connection ends without an answer. */
export type ServerAnswer =
  | number
  | 'close'
  | 'hang'
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown };

/** A real HTTP server on loopback that a test decides for. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly ReceivedRequest[];
  stop(): Promise<void>;
}

/**
 * Starts a server. A body that is no text is sent as JSON.
 *
 * @param decide - the answer for a request, and the number of that request, from 1
 * @param tls - a certificate, to speak HTTPS
 * @param port - default: a free one
 */
export async function startServer(
  decide: (request: ReceivedRequest, order: number) => ServerAnswer,
  tls?: { readonly cert: string; readonly key: string },
  port = 0,
): Promise<TestServer> {
  const requests: ReceivedRequest[] = [];
  const listener: RequestListener = async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const { method = '', url = '', headers } = request;
    const received = { method, url, headers, body: Buffer.concat(parts).toString('utf8') };
    requests.push(received);
    const answer = decide(received, requests.length);
    if (answer === 'hang') return;
    if (answer === 'close') return void request.socket.destroy();
    const { status = 200, headers: own = {}, body } = typeof answer === 'number' ? { status: answer } : answer;
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { 'content-type': 'application/json', ...own }).end(text);
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  // A server on a TCP port always has an `AddressInfo`.
  const { port: ownPort } = server.address() as AddressInfo;
  return {
    port: ownPort,
    url: `${tls ? 'https' : 'http'}://localhost:${ownPort}`,
    requests,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
