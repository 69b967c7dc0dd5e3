import type { IncomingMessage } from 'node:http';

/**
 * Makes serverless-offline pass the body of an HTTP request as base64, as API Gateway does for binary content. Otherwise
 * it decodes every body as UTF-8 and replaces the bytes that are not UTF-8.
 *
 * serverless-offline decides by the `content-type` of the parsed headers, which this changes. It makes the event from
 * the raw headers, so functions still see the header that was sent.
 */
export function keepBodyBytes(request: IncomingMessage): void {
  request.headers['content-type'] = 'application/octet-stream';
}
