import type { MiddlewareObj } from '@middy/core';
import type { ApiAnswer, ApiEvent } from './api-event.ts';
import { parseJson } from './parse-json.ts';
import { requireFewParts } from './part-limit.ts';

/** Parses the body as JSON, whatever the content type is. A request without a body still has none. */
export const jsonBody = (): MiddlewareObj<ApiEvent, ApiAnswer> => ({
  before: ({ event }) => {
    if (event.bodyText === undefined) {
      delete event.body;
      return;
    }
    requireFewParts(event.bodyText, ['body']);
    event.body = parseJson(event.bodyText);
  },
});
