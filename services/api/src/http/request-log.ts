import type { MiddlewareObj, Request } from '@middy/core';
import type { Log } from '@posthorn/platform';
import type { ApiAnswer, ApiEvent } from './api-event.ts';

/** Writes one line for each request: method, path, status, duration. No query, header or body. */
export const requestLog = (log: Log): MiddlewareObj<ApiEvent, ApiAnswer> => {
  const began = new WeakMap<ApiEvent, number>();
  const write = ({ event, context, response }: Request<ApiEvent, ApiAnswer>) => {
    const { method, path } = event.requestContext.http;
    const durationMs = Math.round(performance.now() - (began.get(event) ?? performance.now()));
    log.info('request.answered', {
      method,
      path,
      requestId: context.awsRequestId,
      status: response?.statusCode,
      durationMs,
    });
  };
  return { before: ({ event }) => void began.set(event, performance.now()), after: write, onError: write };
};
