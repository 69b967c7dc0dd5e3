import type { MiddlewareObj, Request } from '@middy/core';
import { anyOrigin, sentRequestIdOf } from '@posthorn/contracts/api/request-facts';
import type { ApiAnswer, ApiEvent } from './api-event.ts';
import { deprecationHeaders } from './deprecation.ts';

/**
 * The headers of every answer, errors too: pages of any origin may read it, the request can be found in the log by its
 * id, and a deprecated operation says so.
 */
export const answerHeaders = (): MiddlewareObj<ApiEvent, ApiAnswer> => {
  const add = ({ event, context, response }: Request<ApiEvent, ApiAnswer>): void => {
    if (!response) return;
    const sent = sentRequestIdOf(event.headers['svix-req-id']);
    const deprecated = event.operation?.deprecated;
    response.headers = {
      ...response.headers,
      ...anyOrigin,
      'x-request-id': context.awsRequestId,
      ...(sent !== undefined && { 'svix-req-id': sent }),
      ...(deprecated && deprecationHeaders(deprecated)),
    };
  };
  return { after: add, onError: add };
};
