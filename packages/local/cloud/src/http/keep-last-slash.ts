import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

/**
 * Makes serverless-offline tell a path with a slash at its end from the path without it, as API Gateway does. Otherwise it
 * takes the slash away, and a client that has shortened `/endpoint/..` to `/` reaches another operation.
 *
 * @param ports - ports of the servers
 */
export function keepLastSlash(ports: ReadonlySet<number>): void {
  subscribe('http.server.request.start', (message) => {
    // The type of this message is in the documentation of Node.
    const { request } = message as { readonly request: IncomingMessage };
    if (ports.has(request.socket.localPort ?? 0)) request.url = withSecondSlash(request.url);
  });
}

/** Of two slashes at the end of the path, serverless-offline takes one away. */
export const withSecondSlash = (url = ''): string => url.replace(/^([^?]+\/)(?=\?|$)/, '$1/');
