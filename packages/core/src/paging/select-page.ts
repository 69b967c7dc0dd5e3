import type { Page, PageRequest } from './page.ts';

/** A list of which only some rows are selected, such as those with a property that is stored elsewhere. */
export interface Selection<Row, Found> {
  readonly list: (page: PageRequest) => Promise<Page<Row>>;
  readonly keyOf: (row: Row) => string;
  /**
   * Returns what was found for each row, in the order of the rows; `undefined` for a row that is left out. It may stop
   * before the last row: the page ends there. It must look at the first row of a page.
   */
  readonly select: (rows: readonly Row[]) => Promise<readonly (Found | undefined)[]>;
  /** A page ends early after it has looked at this many rows, so that it does not read everything. */
  readonly maxRows: number;
}

/** The longest page, and one row more, which says whether there is another page. */
const maxStepRows = 251;

/** Reads a page of what is selected from a list, in steps. Its iterators are the keys of the list's rows. */
export async function selectPage<Row, Found>(
  page: PageRequest,
  { list, keyOf, select, maxRows }: Selection<Row, Found>,
): Promise<Page<Found>> {
  const isForward = page.direction === 'forward';
  const found: Found[] = [];
  let { iterator } = page;
  let rowsRead = 0;
  for (let step = page.limit + 1; rowsRead < maxRows; step *= 2) {
    const limit = Math.min(step, maxStepRows, maxRows - rowsRead);
    const { items, done, resumeAt } = await list({ ...page, limit, ...(iterator !== undefined && { iterator }) });
    const walked = isForward ? items : items.toReversed();
    const selected = await select(walked);
    found.push(...selected.flatMap((one) => (one === undefined ? [] : [one])));
    if (found.length > page.limit) return { items: inOrder(found.slice(0, page.limit), isForward), done: false };
    if (selected.length < walked.length) {
      iterator = lastKey(walked.slice(0, selected.length), keyOf) ?? iterator;
      break;
    }
    if (done) return { items: inOrder(found, isForward), done: true };
    iterator = resumeAt ?? lastKey(walked, keyOf) ?? iterator;
    if (resumeAt !== undefined) break;
    rowsRead += items.length;
  }
  return { items: inOrder(found, isForward), done: false, ...(iterator !== undefined && { resumeAt: iterator }) };
}

/** Rows that were read from the first to the last one, in the order of the list. */
const inOrder = <Found>(walked: readonly Found[], isForward: boolean): readonly Found[] =>
  isForward ? walked : walked.toReversed();

function lastKey<Row>(rows: readonly Row[], keyOf: (row: Row) => string): string | undefined {
  const last = rows.at(-1);
  return last === undefined ? undefined : keyOf(last);
}
