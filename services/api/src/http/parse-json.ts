import httpJsonBodyParser from '@middy/http-json-body-parser';
import { notJson } from './refusals.ts';

const forbiddenName = 'must have no member named __proto__, nor a constructor with a prototype';

const parser = httpJsonBodyParser({ disableContentTypeCheck: true });

/** The error of the parser for JSON that could change the prototype of an object. */
const isForbiddenName = (error: unknown): boolean =>
  error instanceof Error && error.message === 'Forbidden key in JSON body';

/**
 * Parses JSON of a request.
 *
 * @throws ValidationError for text that is not JSON, and for members that could change the prototype of an object
 */
export function parseJson(text: string): unknown {
  const request: { readonly event: { body: unknown } } = { event: { body: text } };
  try {
    // The parser's types know AWS's own events only. It reads and writes only `body`.
    (parser.before as unknown as (it: typeof request) => void)(request);
    return request.event.body;
  } catch (cause) {
    throw isForbiddenName(cause) ? notJson(cause, forbiddenName) : notJson(cause);
  }
}
