import type { Readable } from 'node:stream';
import type { ReceivedRequest } from '../../receive/receiver.ts';
import { readDeclaredBytes, requireReceivable } from '../receivable.ts';
import { readBody } from './read-body.ts';

/** A request of `node:http`, and so of the frameworks over it. */
export interface HttpRequest extends Readable {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>> & {
    readonly 'content-length'?: string | undefined;
    readonly 'content-encoding'?: string | undefined;
  };
  readonly complete: boolean;
  readonly httpVersionMajor: number;
}

/**
 * What the receiver needs of a request.
 *
 * @param body - where the bytes come from, if not from the request itself
 * @param remedy - how to mount the adapter so that nothing reads the body before it
 */
export function toReceivedRequest(request: HttpRequest, remedy: string, body: Readable = request): ReceivedRequest {
  return {
    headers: request.headers,
    check: () => requireReceivable(request.method, request.headers['content-encoding']),
    body: (maxBytes) =>
      readBody(body, { maxBytes, declaredBytes: readDeclaredBytes(request.headers['content-length']), remedy }),
  };
}
