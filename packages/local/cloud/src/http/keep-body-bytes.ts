import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

/**
 * Makes serverless-offline hand the bodies of HTTP requests to functions as base64, as API Gateway does for content that is
 * not text. Otherwise it would decode every body as UTF-8 and replace the bytes that are none.
 *
 * It decides by the `content-type` that the request's parsed headers have at that moment. The event is made from the raw
 * headers, so functions see the header that was sent.
 *
 * @param ports - the servers whose requests are meant
 */
export function keepBodyBytes(ports: ReadonlySet<number>): void {
  subscribe('http.server.request.start', (message) => {
    // Node's own message, by its documentation.
    const { request } = message as { readonly request: IncomingMessage };
    if (ports.has(request.socket.localPort ?? 0)) request.headers['content-type'] = 'application/octet-stream';
  });
}
