import { createHash } from 'node:crypto';

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

/**
 * The group that a message belongs to at an endpoint in FIFO mode: messages of one group are delivered in order. Messages
 * whose payload has nothing at the path share one group, so that they keep their order too.
 *
 * @returns a queue's group id of at most 128 characters
 */
export function orderGroupOf({ endpointId, by, body }: { endpointId: string; by?: string; body: string }): string {
  const path = by === undefined ? undefined : parseOrderBy(by);
  const key = path === undefined ? '' : `${JSON.stringify(valueAt(body, path)) ?? ''}`;
  return `${endpointId}_${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
}

function valueAt(body: string, path: OrderByPath): unknown {
  return path.reduce<unknown>((value, name) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    // An own member of an object or array, checked above.
    return (value as Readonly<Record<string | number, unknown>>)[name];
  }, parsed(body));
}

/** A raw payload may be no JSON: then nothing stands at any path. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
