import type { Page, PageRequest } from './page.ts';

interface Fit<Item> {
  readonly direction: PageRequest['direction'];
  readonly maxBytes: number;
  readonly bytesOf: (item: Item) => number;
}

/** Cuts a page to at most `maxBytes`, in the direction of the list. At least one item stays. */
export function fitPage<Item>(page: Page<Item>, { direction, maxBytes, bytesOf }: Fit<Item>): Page<Item> {
  const walked = direction === 'forward' ? page.items : page.items.toReversed();
  let bytes = 0;
  const end = walked.findIndex((item, index) => {
    bytes += bytesOf(item);
    return bytes > maxBytes && index > 0;
  });
  if (end === -1) return page;
  const kept = walked.slice(0, end);
  return { items: direction === 'forward' ? kept : kept.toReversed(), done: false };
}
