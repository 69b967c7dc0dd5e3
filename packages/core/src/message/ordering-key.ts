import { hash } from 'node:crypto';
import { exactTextOf } from './exact-value.ts';
import { endOfValue, readElements, readMembers, skipSpace } from './json-text.ts';

/** A JSON path of the kinds `$`, `$.name`, `$['name']` and `$[0]`, in any depth. */
export type OrderByPath = readonly (string | number)[];

const segment = /\.([A-Za-z_$][\w$-]*)|\['([^'\\]*)'\]|\["([^"\\]*)"\]|\[(\d+)\]/y;

/**
 * Reads the JSON path that names an endpoint's ordering key.
 *
 * @returns `undefined` for a path that is not supported
 * @example parseOrderBy('$.order.id') // => ['order', 'id']
 */
export function parseOrderBy(path: string): OrderByPath | undefined {
  if (!path.startsWith('$')) return undefined;
  const segments: (string | number)[] = [];
  segment.lastIndex = 1;
  while (segment.lastIndex < path.length) {
    const match = segment.exec(path);
    if (!match) return undefined;
    const [, dotted, single, double, index] = match;
    segments.push(index === undefined ? (dotted ?? single ?? double ?? '') : Number(index));
  }
  return segments;
}

/** Finds the group that a message belongs to at an endpoint in FIFO mode: messages of one group are delivered in order. */
export type FindOrderGroup = (endpoint: { readonly endpointId: string; readonly by?: string }) => string;

/**
 * The groups of one message. Its body is read once for all endpoints.
 *
 * Two messages are in one group if they have the same value at the endpoint's path (see `exactTextOf`). Messages without a
 * value there share one group, so that they keep their order too. Messages with a body that is not JSON are in that group
 * as well. Without a path the endpoint has one group.
 *
 * A path follows own members only. On an array it takes an index, or `length`.
 *
 * @returns a function that returns a queue's group id of at most 128 characters
 * @example
 * createFindOrderGroup('{"id":7}')({ endpointId: 'ep_1', by: '$.id' }) // the group of all messages with the id 7
 */
export function createFindOrderGroup(body: string): FindOrderGroup {
  const readBody = onceEach(() => toJsonValue(body));
  const keyAt = onceEach((by) => {
    const path = parseOrderBy(by);
    const value = path?.reduce<JsonValue | undefined>((at, name) => at?.find(String(name)), readBody(''));
    return value === undefined ? '' : exactTextOf(value.text);
  });
  return ({ endpointId, by }) => {
    const key = by === undefined ? '' : keyAt(by);
    return `${endpointId}_${hash('sha256', key, 'hex').slice(0, 32)}`;
  };
}

/** A value of the body. Its parts are found when they are first needed. */
interface JsonValue {
  readonly text: string;
  find(name: string): JsonValue | undefined;
}

/** A raw payload need not be JSON. Then there is no value at any path. */
function toJsonValue(body: string): JsonValue | undefined {
  try {
    JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const start = skipSpace(body, 0);
  return createValue(body.slice(start, endOfValue(body, start)));
}

function createValue(text: string): JsonValue {
  const readParts = onceEach(() => createPartReader(text));
  const find = onceEach((name) => {
    const part = readParts('')(name);
    return part === undefined ? undefined : createValue(part);
  });
  return { text, find };
}

function createPartReader(text: string): (name: string) => string | undefined {
  if (text.startsWith('{')) {
    const members = readMembers(text);
    return (name) => members.get(name);
  }
  if (!text.startsWith('[')) return () => undefined;
  const elements = readElements(text);
  return (name) => {
    if (name === 'length') return String(elements.length);
    return String(Number(name)) === name ? elements[Number(name)] : undefined;
  };
}

/** The function with a cache: the result for each argument is computed once. */
function onceEach<Value>(compute: (argument: string) => Value): (argument: string) => Value {
  const computed = new Map<string, { readonly value: Value }>();
  return (argument) => {
    const kept = computed.get(argument) ?? { value: compute(argument) };
    computed.set(argument, kept);
    return kept.value;
  };
}
