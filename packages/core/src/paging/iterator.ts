import type { PageRequest } from './page.ts';

/** The row that a page goes on from, and in which direction. */
export type PageIterator = Required<Pick<PageRequest, 'iterator' | 'direction'>>;

const backwardMark = '-';
/** Before a name that itself begins with a mark. No id or name contains it, and URLs need no escape for it. */
const forwardMark = '~';

/**
 * The text of an iterator: the row's id or name to go forward, `-` before it to go backward. A name that begins with `-`
 * would look like a step backward, so `~` stands before it.
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
