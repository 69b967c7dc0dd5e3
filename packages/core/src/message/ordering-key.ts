import { hash } from 'node:crypto';
import { rememberResults } from '../memory/remember-results.ts';
import { exactTextOf } from './exact-value.ts';
import { findAtPath } from './find-at-path.ts';

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

/** The value of `orderBy` that stands for the message's own ordering key. It is not a JSON path. */
export const ownOrderingKey = 'orderingKey';

/** The values that `orderBy` may have. */
export const orderByPattern = new RegExp(`^(?:${ownOrderingKey}|\\$(?:${segment.source})*)$`);

/** Whether the payload must be read to find the group. */
export const isInPayload = (by: string | undefined): boolean => by !== undefined && by !== ownOrderingKey;

/** An application has fewer endpoints. */
const maxPaths = 10_000;

/** Finds the group that a message belongs to at an endpoint in FIFO mode: messages of one group are delivered in order. */
export type FindOrderGroup = (endpoint: { readonly endpointId: string; readonly by?: string }) => string;

/**
 * The groups of one message. Its body is scanned once for each path, and never parsed as a whole.
 *
 * Two messages are in one group if they have the same value at the endpoint's path (see `exactTextOf`). Messages without a
 * value there share one group, so that they keep their order too. Messages with a body that is not JSON are in that group
 * as well. Without a path the endpoint has one group.
 *
 * If the endpoint asks for the message's own ordering key, messages with the same one are in one group. Messages without
 * one share a group.
 *
 * A path follows own members only. On an array it takes an index, or `length`.
 *
 * @returns a function that returns a queue's group id of at most 128 characters
 * @example
 * createFindOrderGroup('{"id":7}')({ endpointId: 'ep_1', by: '$.id' }) // the group of all messages with the id 7
 */
export function createFindOrderGroup(body: string, orderingKey?: string): FindOrderGroup {
  const keyAt = rememberResults((by) => {
    if (by === ownOrderingKey) return orderingKey === undefined ? '' : JSON.stringify(orderingKey);
    const path = parseOrderBy(by);
    const value = path && findAtPath(body, path.map(String));
    return value === undefined ? '' : exactTextOf(value);
  }, maxPaths);
  return ({ endpointId, by }) => {
    const key = by === undefined ? '' : keyAt(by);
    return `${endpointId}_${hash('sha256', key, 'hex').slice(0, 32)}`;
  };
}

/** The longest ordering key of a message that is stored as it is. */
const maxKeyLength = 64;

/** Returns an ordering key in the form in which messages have it. It is only compared, so the digest of a long one does. */
export const toShortOrderingKey = (key: string): string =>
  key.length <= maxKeyLength ? key : `sha256 ${hash('sha256', key, 'hex').slice(0, 32)}`;
