import type { MiddlewareObj } from '@middy/core';
import type { ApiAnswer, ApiEvent } from './api-event.ts';

/** Refuses to send anything that is not an answer: API Gateway makes a 200 of a result that has no status. */
export const requireAnswer = (): MiddlewareObj<ApiEvent, ApiAnswer> => ({
  after: ({ response }) => {
    if (typeof response?.statusCode !== 'number') throw new Error('the function returned no answer');
  },
});
