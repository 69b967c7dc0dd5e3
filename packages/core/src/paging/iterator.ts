import type { PageRequest } from './page.ts';

/** The row from which a list continues, and the direction. */
export type PageIterator = Required<Pick<PageRequest, 'iterator' | 'direction'>>;

const backwardMark = '-';
/** Prefix of a name that begins with `-`. No id or name contains it, and it needs no escape in a URL. */
const forwardMark = '~';

/**
 * Writes an iterator as text: the row's id or name to go forward, `-` before it to go backward. A forward iterator of a
 * name that begins with `-` would look like a backward one, so it has `~` before the name.
 */
export function formatIterator({ iterator, direction }: PageIterator): string {
  if (direction === 'backward') return backwardMark + iterator;
  return iterator.startsWith(backwardMark) ? forwardMark + iterator : iterator;
}

/** Reads what `formatIterator` wrote. */
export function parseIterator(text: string): PageIterator {
  if (text.startsWith(backwardMark)) return { iterator: text.slice(backwardMark.length), direction: 'backward' };
  const iterator = text.startsWith(forwardMark) ? text.slice(forwardMark.length) : text;
  return { iterator, direction: 'forward' };
}
