import { createMatcher } from './create-matcher.ts';
import type { JsonSchema } from './json-schema.ts';
import { type DescribedApi, readOperations } from './read-document.ts';

/** What was sent to an operation. */
export interface SentRequest {
  /** Without the question mark. */
  readonly search: string;
  readonly body?: string;
}

/**
 * Returns why the document does not allow a request of an operation; `undefined` if it does. A request that it does not
 * allow may not be taken.
 */
export function createRequestCheck(document: DescribedApi) {
  const matches = createMatcher(document);
  const operations = new Map(readOperations(document).map((operation) => [operation.operationId, operation]));
  return (operationId: string, { search, body }: SentRequest): string | undefined => {
    const operation = operations.get(operationId);
    if (operation === undefined) return `the document does not have ${operationId}`;
    if (operation.body && !matches(operation.body, parsed(body))) return `the document does not allow the body ${body}`;
    const sent = new URLSearchParams(search);
    const wrong = operation.parameters.find(({ in: place, name, schema }) => {
      // An empty value counts as none. Of several values the last one counts.
      const value = place === 'query' ? sent.getAll(name).at(-1) : '';
      return value !== undefined && value !== '' && !matches(schema, toValue(value, schema));
    });
    return wrong && `the document does not allow the ${wrong.name} of ${search}`;
  };
}

/** `undefined` if there is no JSON. */
function parsed(body: string | undefined): unknown {
  try {
    return JSON.parse(body ?? '');
  } catch {
    return undefined;
  }
}

/** The value of a parameter as its schema has it. */
function toValue(text: string, { type }: JsonSchema): unknown {
  if (type === 'integer') return /^\d+$/.test(text) ? Number(text) : text;
  if (type === 'boolean') return text === 'true' || text === 'false' ? text === 'true' : text;
  return type === 'array' ? text.split(',').filter(Boolean) : text;
}
