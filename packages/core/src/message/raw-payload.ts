import { readMembers } from './json-text.ts';

/** The members of a request that may carry the payload: the first one that is not null counts. */
const payloadNames = ['payload', 'data'] as const;

/**
 * The payload of a message request exactly as it was written: the slice of the source text, so that key order, white
 * space, big numbers and escapes are kept. If a name is given twice, the last value counts, as in `JSON.parse`.
 *
 * @param requestText - a JSON object that `JSON.parse` accepts
 * @param names - the members to look at, the first choice first
 * @returns `undefined` when none of them is there
 * @example rawPayloadOf('{"payload": {"n":1.0}}') // => '{"n":1.0}'
 */
export function rawPayloadOf(requestText: string, names: readonly string[] = payloadNames): string | undefined {
  const members = readMembers(requestText);
  const slices = names.flatMap((name) => members.get(name) ?? []);
  return slices.find((slice) => slice !== 'null') ?? slices[0];
}
