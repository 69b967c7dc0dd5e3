import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/**
 * What a proxy does with a CONNECT. A number: it refuses with that status. `bytes`: it sends that. `toPort`: it connects
 * to a port of this machine, whatever it was asked for.
 */
export type ProxyAction =
  | 'connect'
  | 'hang'
  | 'close'
  | number
  | { readonly bytes: string }
  | { readonly toPort: number };

/** A CONNECT as it arrived. */
export interface ProxyRequest {
  /** The host and port that the client asked for. */
  readonly target: string;
  readonly host: string | undefined;
  readonly authorization: string | undefined;
}

/** A real HTTP proxy on loopback that knows CONNECT only. */
export interface HttpProxyServer {
  readonly port: number;
  readonly requests: readonly ProxyRequest[];
  stop(): Promise<void>;
}

/** Starts a proxy. @param decide - what to do with a request, and its number, from 1 */
export async function startHttpProxy(
  decide: (request: ProxyRequest, order: number) => ProxyAction = () => 'connect',
): Promise<HttpProxyServer> {
  const requests: ProxyRequest[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    // The other side may break connections. That is not a failure of a test.
    return socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connection', keep);
  server.on('connect', ({ url = '', headers }, stream) => {
    // An HTTP server on TCP gives the socket itself.
    const client = stream as Socket;
    const request = { target: url, host: headers.host, authorization: headers['proxy-authorization'] };
    requests.push(request);
    const action = decide(request, requests.length);
    if (action === 'hang') return;
    if (action === 'close') client.destroy();
    else if (typeof action === 'number') client.end(`HTTP/1.1 ${action} Refused\r\ncontent-length: 0\r\n\r\n`);
    else if (action === 'connect') join(client, url);
    else if ('toPort' in action) join(client, `127.0.0.1:${action.toPort}`);
    else client.write(action.bytes);
  });
  const join = (client: Socket, target: string): void => {
    const { hostname, port } = new URL(`http://${target}`);
    const endpoint = keep(connect(Number(port || 80), hostname.replace(/^\[|\]$/g, '')));
    endpoint.on('connect', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(endpoint).pipe(client);
    });
    endpoint.on('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n'));
    endpoint.on('close', () => client.destroy());
    client.on('close', () => endpoint.destroy());
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server on a TCP port always has an `AddressInfo`.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    requests,
    stop: async () => {
      if (!server.listening) return;
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
