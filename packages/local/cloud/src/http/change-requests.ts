import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

/** Changes the HTTP requests to some ports of this process before their servers see them. */
export function changeRequests(ports: ReadonlySet<number>, change: (request: IncomingMessage) => void): void {
  subscribe('http.server.request.start', (message) => {
    // The type of this message is in the documentation of Node.
    const { request } = message as { readonly request: IncomingMessage };
    if (ports.has(request.socket.localPort ?? 0)) change(request);
  });
}
