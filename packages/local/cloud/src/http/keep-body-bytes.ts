import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

/**
 * Makes serverless-offline pass the bodies of HTTP requests as base64, as API Gateway does for binary content.
 * Otherwise it decodes every body as UTF-8 and replaces the bytes that are not UTF-8.
 *
 * serverless-offline decides by the `content-type` of the parsed headers, which this changes. It makes the event from
 * the raw headers, so functions still see the header that was sent.
 *
 * @param ports - ports of the servers
 */
export function keepBodyBytes(ports: ReadonlySet<number>): void {
  subscribe('http.server.request.start', (message) => {
    // The type of this message is in the documentation of Node.
    const { request } = message as { readonly request: IncomingMessage };
    if (ports.has(request.socket.localPort ?? 0)) request.headers['content-type'] = 'application/octet-stream';
  });
}
