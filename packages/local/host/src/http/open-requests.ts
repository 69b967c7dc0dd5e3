import type { ServerResponse } from 'node:http';

/** The requests that functions are serving, and when nobody waits for their answers any more. */
export interface OpenRequests {
  /** Lists a request until its answer is written or its client has gone. */
  add(requestId: string, response: ServerResponse): void;
  /** A signal that is aborted when the client of a request goes, or when all are to end. */
  endOf(requestId: string): AbortSignal;
  /** From now on every request is to end: those that are held are answered, and their connections closed. */
  endAll(): void;
}

interface OpenRequest {
  readonly response: ServerResponse;
  readonly end: AbortController;
}

export function createOpenRequests(): OpenRequests {
  const open = new Map<string, OpenRequest>();
  let areAllToEnd = false;
  const endNow = ({ response, end }: OpenRequest): void => {
    response.shouldKeepAlive = false;
    end.abort();
  };
  return {
    add: (requestId, response) => {
      const request = { response, end: new AbortController() };
      open.set(requestId, request);
      response.once('close', () => {
        open.delete(requestId);
        request.end.abort();
      });
      if (areAllToEnd) endNow(request);
    },
    endOf: (requestId) => open.get(requestId)?.end.signal ?? AbortSignal.abort(),
    endAll: () => {
      areAllToEnd = true;
      for (const request of open.values()) endNow(request);
    },
  };
}
