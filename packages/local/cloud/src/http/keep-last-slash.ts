import type { IncomingMessage } from 'node:http';

/**
 * Makes serverless-offline tell a path with a slash at its end from the path without it, as API Gateway does. Otherwise
 * it takes the slash away, and a client that has shortened `/endpoint/..` to `/` reaches another operation.
 */
export function keepLastSlash(request: IncomingMessage): void {
  request.url = withSecondSlash(request.url);
}

/** Of two slashes at the end of the path, serverless-offline takes one away. */
export const withSecondSlash = (url = ''): string => url.replace(/^([^?]+\/)(?=\?|$)/, '$1/');
