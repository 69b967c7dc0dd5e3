import type { Page, PageRequest } from './page.ts';

interface Fit<Item> {
  readonly direction: PageRequest['direction'];
  readonly maxBytes: number;
  readonly bytesOf: (item: Item) => number;
}

/** As much of a page, in the walk's direction, as so many bytes hold, but never nothing of what there is. */
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
