import type { Connection } from './connection.ts';
import type { Query } from './server-url.ts';

const rowsPerPage = 250;

interface Page<Row> {
  readonly data: readonly Row[];
  readonly iterator: string | null;
  readonly done: boolean;
}

/** Reads a list of the API page by page. Stop iterating to read no more. */
export async function* readPages<Row>(
  connection: Connection,
  path: string,
  query: Query = {},
): AsyncGenerator<readonly Row[]> {
  let iterator: string | null = null;
  do {
    const asked = { limit: rowsPerPage, ...query, ...(iterator !== null && { iterator }) };
    const page: Page<Row> = (await connection.call({ method: 'GET', path, query: asked })).json();
    yield page.data;
    iterator = page.done ? null : page.iterator;
  } while (iterator !== null);
}

/** Reads all rows of a list that is short by nature, such as the endpoints of an application. */
export async function readAll<Row>(connection: Connection, path: string, query?: Query): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const page of readPages<Row>(connection, path, query)) rows.push(...page);
  return rows;
}
