import type { MiddlewareObj, Request } from '@middy/core';
import { type AnsweredRequest, sentRequestIdOf, shortened } from '@posthorn/contracts/api/request-facts';
import type { ApiAnswer, ApiEvent } from './api-event.ts';

/** Writes a line of the access log. */
export type LogRequest = (request: AnsweredRequest) => void;

/** What an application can be named by. What else stands in a path is not worth a line. */
const nameForm = /^[\w.-]{1,256}$/;

/** Writes one line for each request: what was asked, by whom, and how it ended. No query, header or body. */
export const requestLog = (logRequest: LogRequest): MiddlewareObj<ApiEvent, ApiAnswer> => {
  const began = new WeakMap<ApiEvent, number>();
  const write = ({ event, context, response }: Request<ApiEvent, ApiAnswer>) => {
    const { operation, caller, pathParameters } = event;
    const { method, path } = event.requestContext.http;
    const named = pathParameters?.app_id;
    logRequest({
      operation: operation?.id,
      method,
      path: operation?.path ?? shortened(path),
      requestId: context.awsRequestId,
      sentRequestId: sentRequestIdOf(event.headers['svix-req-id']),
      organisationId: caller?.organisationId,
      applicationId: caller?.kind === 'application' ? caller.applicationId : undefined,
      application: named !== undefined && nameForm.test(named) ? named : undefined,
      status: response?.statusCode,
      durationMs: Math.round(performance.now() - (began.get(event) ?? performance.now())),
    });
  };
  return { before: ({ event }) => void began.set(event, performance.now()), after: write, onError: write };
};
