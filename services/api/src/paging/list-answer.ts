import type { ListAnswer } from '@posthorn/contracts/api/paging';
import { fitPage, formatIterator, type Page, type PageRequest } from '@posthorn/core';
import { answerBytes, maxAnswerBytes } from '../http/answer-bytes.ts';

interface Listing<Item, Row> {
  readonly direction: PageRequest['direction'];
  readonly page: Page<Item>;
  readonly idOf: (item: Item) => string;
  readonly toRow: (item: Item) => Row;
}

/**
 * The answer of a list: `iterator` continues after the last row, `prevIterator` goes back before the first. A page may be
 * short or empty although there are more rows: an empty one continues in both directions where its read ended.
 */
export function toListAnswer<Item, Row>({ direction, page, idOf, toRow }: Listing<Item, Row>): ListAnswer<Row> {
  const rows = { ...page, items: page.items.map((item) => ({ id: idOf(item), row: toRow(item) })) };
  const { items, resumeAt, done } = fitPage(rows, {
    direction,
    maxBytes: maxAnswerBytes,
    bytesOf: ({ row }) => size(row),
  });
  const ends = { first: items[0]?.id, last: items.at(-1)?.id };
  const next = direction === 'forward' ? (resumeAt ?? ends.last) : (ends.last ?? resumeAt);
  const previous = direction === 'backward' ? (resumeAt ?? ends.first) : (ends.first ?? resumeAt);
  return {
    data: items.map(({ row }) => row),
    iterator: next === undefined ? null : formatIterator({ iterator: next, direction: 'forward' }),
    ...(previous === undefined ? {} : { prevIterator: formatIterator({ iterator: previous, direction: 'backward' }) }),
    done,
  };
}

/** The text of a list whose rows are JSON texts already. */
export const toListText = ({ data, ...rest }: ListAnswer<string>): string =>
  `{"data":[${data.join(',')}],${JSON.stringify(rest).slice(1)}`;

/** The bytes of a row in an answer. A text is already JSON. */
const size = (row: unknown): number => answerBytes(typeof row === 'string' ? row : JSON.stringify(row));

/** The answer of a list that is always empty. */
export const emptyList: ListAnswer<never> = { data: [], iterator: null, done: true };
