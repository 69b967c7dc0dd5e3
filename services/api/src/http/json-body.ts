import type { MiddlewareObj } from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { ApiAnswer, ApiEvent } from './api-event.ts';
import { notJson } from './refusals.ts';

const forbiddenName = 'must have no member named __proto__, nor a constructor with a prototype';

/** What the parser throws of JSON that could change an object's prototype. */
const isForbiddenName = (error: unknown): boolean =>
  error instanceof Error && error.message === 'Forbidden key in JSON body';

/** Parses the body as JSON, whatever the content type says. A request without a body stays without one. */
export const jsonBody = (): MiddlewareObj<ApiEvent, ApiAnswer> => {
  const parser = httpJsonBodyParser({ disableContentTypeCheck: true });
  return {
    before: (request) => {
      if (request.event.bodyText === undefined) {
        delete request.event.body;
        return;
      }
      try {
        // The parser's types know the events of AWS only; it reads and writes nothing but `body`.
        (parser.before as (it: typeof request) => void)(request);
      } catch (cause) {
        throw isForbiddenName(cause) ? notJson(cause, forbiddenName) : notJson(cause);
      }
    },
  };
};
