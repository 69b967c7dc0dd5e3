import type { MiddlewareObj } from '@middy/core';
import type { ApiAnswer, ApiEvent } from './api-event.ts';

/** Throws if a result is not an answer: API Gateway would respond with 200 to a result without a status. */
export const requireAnswer = (): MiddlewareObj<ApiEvent, ApiAnswer> => ({
  after: ({ response }) => {
    if (typeof response?.statusCode !== 'number') throw new Error('the function returned no answer');
  },
});
