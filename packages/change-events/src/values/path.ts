import { parseOrderBy } from '@posthorn/core/message/ordering-key';
import type { Item, Value } from './value.ts';

/** Where a value is in an item: names of attributes and map members, and indexes of list elements. */
export type Path = readonly (string | number)[];

/**
 * Reads a path such as `status`, `address.city`, `lines[0].price` or `['odd.name'].x`.
 *
 * @returns `undefined` if the text is no path
 */
export function parsePath(text: string): Path | undefined {
  const path = parseOrderBy(text.startsWith('[') ? `$${text}` : `$.${text}`);
  return typeof path?.[0] === 'string' ? path : undefined;
}

/** The text of a path, as `parsePath` reads it. */
export const formatPath = (path: Path): string =>
  path.map((segment, index) => formatSegment(segment, index === 0)).join('');

function formatSegment(segment: string | number, isFirst: boolean): string {
  if (typeof segment === 'number') return `[${segment}]`;
  if (/^[A-Za-z_$][\w$-]*$/.test(segment)) return isFirst ? segment : `.${segment}`;
  return segment.includes("'") ? `["${segment}"]` : `['${segment}']`;
}

/** The value at a path. */
export function findValue(item: Item | undefined, path: Path): Value | undefined {
  let found: Value | undefined = item && { M: item };
  for (const segment of path) {
    if (found === undefined) return undefined;
    if (typeof segment === 'number') found = found.L?.[segment];
    else found = memberOf(found.M, segment);
  }
  return found;
}

/** All values at a path of names. A name in a list stands for the members of its elements. */
export function findValues(item: Item | undefined, path: readonly string[]): readonly Value[] {
  let found: readonly Value[] = item ? [{ M: item }] : [];
  for (const name of path) {
    found = found
      .flatMap((value) => value.L ?? [value])
      .flatMap(({ M }) => {
        const member = memberOf(M, name);
        return member === undefined ? [] : [member];
      });
  }
  return found;
}

/** An item can have attributes with the names of inherited members, such as `constructor`. */
const memberOf = (item: Item | undefined, name: string): Value | undefined =>
  item !== undefined && Object.hasOwn(item, name) ? item[name] : undefined;

/** Whether `path` is `start`, or inside of it. */
export const isWithin = (path: Path, start: Path): boolean => start.every((segment, index) => path[index] === segment);
