import type { MiddlewareObj, Request } from '@middy/core';
import type { Log } from '@posthorn/platform';
import type { ApiAnswer, ApiEvent } from './api-event.ts';
import { sentRequestId } from './request-id.ts';

/** Writes one line for each request: what was asked, by whom, and how it ended. No query, header or body. */
export const requestLog = (log: Log): MiddlewareObj<ApiEvent, ApiAnswer> => {
  const began = new WeakMap<ApiEvent, number>();
  const write = ({ event, context, response }: Request<ApiEvent, ApiAnswer>) => {
    const { operation, caller } = event;
    const { method, path } = event.requestContext.http;
    const durationMs = Math.round(performance.now() - (began.get(event) ?? performance.now()));
    log.info('request.answered', {
      operation: operation?.id,
      method,
      path,
      requestId: context.awsRequestId,
      sentRequestId: sentRequestId(event),
      organisationId: caller?.organisationId,
      applicationId: caller?.kind === 'application' ? caller.applicationId : undefined,
      status: response?.statusCode,
      durationMs,
    });
  };
  return { before: ({ event }) => void began.set(event, performance.now()), after: write, onError: write };
};
