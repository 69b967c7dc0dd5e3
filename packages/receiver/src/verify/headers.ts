import { WebhookError } from '../webhook-error.ts';

/** Headers as servers give them: those of Fetch, an object (`request.headers` of Node), or pairs of name and value. */
export type HeadersLike =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | Iterable<readonly [string, string]>;

/** The three headers that a signature needs, as they were sent. */
export interface SignedHeaders {
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string;
}

const parts = ['id', 'timestamp', 'signature'] as const;
const families = ['webhook', 'svix'] as const;
type Values = Readonly<Record<(typeof parts)[number], readonly string[]>>;

/**
 * Finds the id, the time and the signatures, under the names `webhook-…` or `svix-…`. Names of the two families are not
 * mixed: if there is any `webhook-…`, no `svix-…` is used.
 *
 * @throws WebhookError `header_missing`, `header_repeated`
 */
export function readSignedHeaders(headers: HeadersLike): SignedHeaders {
  const pairs = listPairs(headers);
  const valuesOf = (name: string) => pairs.filter(([other]) => other.toLowerCase() === name).map(([, value]) => value);
  for (const family of families) {
    const values: Values = {
      id: valuesOf(`${family}-id`),
      timestamp: valuesOf(`${family}-timestamp`),
      signature: valuesOf(`${family}-signature`),
    };
    if (parts.some((part) => values[part].length > 0)) return requireOneOfEach(family, values);
  }
  throw new WebhookError('header_missing', 'The request has no header webhook-id: it is not a signed message.');
}

/** Not every server has types. What is no name with a text or a list of texts is passed over. */
function listPairs(headers: unknown): readonly (readonly [string, string])[] {
  if (typeof headers !== 'object' || headers === null) return [];
  const entries: Iterable<unknown> =
    Symbol.iterator in headers ? (headers as Iterable<unknown>) : Object.entries(headers);
  return [...entries].flatMap((entry) => {
    if (!Array.isArray(entry) || typeof entry[0] !== 'string') return [];
    const [name, value] = entry as [string, unknown];
    return [value].flat().flatMap((one) => (typeof one === 'string' ? [[name, one] as const] : []));
  });
}

function requireOneOfEach(family: string, values: Values): SignedHeaders {
  const requireOne = (part: (typeof parts)[number]): string => {
    const [value, another] = values[part];
    if (!value) throw new WebhookError('header_missing', `The header ${family}-${part} is missing.`);
    if (another !== undefined || isJoined(part, value))
      throw new WebhookError('header_repeated', `The header ${family}-${part} was sent more than once.`);
    return value;
  };
  return { id: requireOne('id'), timestamp: requireOne('timestamp'), signature: requireOne('signature') };
}

/**
 * Node and Fetch join the values of a header that came twice by a comma and a space, API Gateway by a comma. Neither an
 * id nor a time has a comma. In signatures a comma comes after a version (`v1,…`): no space follows it, and no version.
 */
const isJoined = (part: (typeof parts)[number], value: string): boolean =>
  part === 'signature' ? /,(\s|v\d+[a-z]?,)/.test(value) : value.includes(',');
