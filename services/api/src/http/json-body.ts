import type { MiddlewareObj } from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { ApiAnswer, ApiEvent } from './api-event.ts';
import { requireFewParts } from './part-limit.ts';
import { notJson } from './refusals.ts';

const forbiddenName = 'must have no member named __proto__, nor a constructor with a prototype';

/** The error of the parser for JSON that could change the prototype of an object. */
const isForbiddenName = (error: unknown): boolean =>
  error instanceof Error && error.message === 'Forbidden key in JSON body';

/** Parses the body as JSON, whatever the content type is. A request without a body still has none. */
export const jsonBody = (): MiddlewareObj<ApiEvent, ApiAnswer> => {
  const parser = httpJsonBodyParser({ disableContentTypeCheck: true });
  return {
    before: (request) => {
      if (request.event.bodyText === undefined) {
        delete request.event.body;
        return;
      }
      requireFewParts(request.event.bodyText, ['body']);
      try {
        // The parser's types know AWS's own events only. It reads and writes only `body`.
        (parser.before as (it: typeof request) => void)(request);
      } catch (cause) {
        throw isForbiddenName(cause) ? notJson(cause, forbiddenName) : notJson(cause);
      }
    },
  };
};
