/** The members of a request that may carry the payload: the first one that is not null counts. */
const payloadNames = ['payload', 'data'] as const;

/**
 * The payload of a message request exactly as it was written: the slice of the source text, so that key order, white
 * space, big numbers and escapes are kept. A name given twice counts as `JSON.parse` has it: the last one.
 *
 * @param requestText - a JSON object that `JSON.parse` accepts
 * @param names - the members to look at, the first choice first
 * @returns `undefined` when none of them is there
 * @example rawPayloadOf('{"payload": {"n":1.0}}') // => '{"n":1.0}'
 */
export function rawPayloadOf(requestText: string, names: readonly string[] = payloadNames): string | undefined {
  const members = topLevelMembers(requestText);
  const slices = names.flatMap((name) => members.get(name) ?? []);
  return slices.find((slice) => slice !== 'null') ?? slices[0];
}

/** Source slices of the values of a JSON object's own members. */
function topLevelMembers(source: string): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  let position = afterSpace(source, 0) + 1;
  for (;;) {
    position = afterSpace(source, position);
    if (source[position] !== '"') return members;
    const keyEnd = afterText(source, position);
    const name: unknown = JSON.parse(source.slice(position, keyEnd));
    const valueStart = afterSpace(source, afterSpace(source, keyEnd) + 1);
    const valueEnd = afterValue(source, valueStart);
    members.set(String(name), source.slice(valueStart, valueEnd));
    position = afterSpace(source, valueEnd) + 1;
  }
}

function afterSpace(source: string, start: number): number {
  let position = start;
  while (' \t\n\r'.includes(source[position] ?? 'end')) position += 1;
  return position;
}

/** Behind the closing quote of the JSON text that opens at `start`. */
function afterText(source: string, start: number): number {
  let position = start + 1;
  while (source[position] !== '"') position += source[position] === '\\' ? 2 : 1;
  return position + 1;
}

function afterValue(source: string, start: number): number {
  const first = source[start];
  if (first === '"') return afterText(source, start);
  if (first === '{' || first === '[') return afterNested(source, start);
  let position = start;
  while (position < source.length && !' \t\n\r,}]'.includes(source[position] ?? '')) position += 1;
  return position;
}

/** Behind the bracket that closes the one at `start`. */
function afterNested(source: string, start: number): number {
  let depth = 0;
  let position = start;
  do {
    const character = source[position];
    if (character === '"') {
      position = afterText(source, position);
      continue;
    }
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
    position += 1;
  } while (depth > 0);
  return position;
}
