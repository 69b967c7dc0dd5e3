import { allOperations } from '@posthorn/contracts/api/all-operations';
import type { Operation } from '@posthorn/contracts/api/operation';
import { isId } from '@posthorn/core';
import { ids, nthId, secondsLater } from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApiOn } from '../fixtures/an-api.ts';
import { type MeteredTables, openMeteredTables } from '../fixtures/metered-tables.ts';
import { createRepositories } from '../fixtures/repositories.ts';
import { stockTenants, tenantNames } from '../fixtures/stock-tenants.ts';

interface Page {
  readonly data: readonly object[];
  readonly iterator: string | null;
  readonly prevIterator?: string;
  readonly done: boolean;
}

const operations: readonly Operation[] = Object.values(allOperations);
const paged = operations.filter(({ query }) => query?.def.shape.limit);
const isPoll = ({ servedBy }: Operation): boolean => servedBy === 'poller';
const lists = paged.filter((operation) => !isPoll(operation));

const names = { ...tenantNames, sink_id: 'sink', consumer_id: 'consumer' };
const fill = (path: string): string => path.replace(/\{(\w+)\}/g, (_, name) => names[name as keyof typeof names] ?? '');
/** What a list needs besides the page. */
const always = ({ query }: Operation): string => (query?.def.shape.state ? '&state=failed' : '');

let tables: MeteredTables;
let serve: ReturnType<typeof anApiOn>['serve'];
beforeAll(async () => {
  tables = await openMeteredTables();
  const repositories = createRepositories(tables.store);
  await stockTenants(repositories);
  serve = anApiOn(repositories, secondsLater(60)).serve;
});
afterAll(() => tables.close());

const call = (operation: Operation, search: string) =>
  serve(aRequest({ path: fill(operation.path), search: `${search}${always(operation)}` }));

async function pageOf(operation: Operation, search: string): Promise<Page> {
  const answer = await call(operation, search);
  expect([search, answer.statusCode]).toEqual([search, 200]);
  return bodyOf(answer);
}

/** The rows of a list, one page each, in a direction; and the iterator of each. */
async function walk(operation: Operation, { from, order = '' }: { readonly from?: string; readonly order?: string }) {
  const rows: { readonly row: object; readonly id: string }[] = [];
  const isBackward = from?.startsWith('-') ?? false;
  let iterator = from;
  for (let done = false; !done && rows.length < 10; ) {
    const page = await pageOf(operation, `limit=1${iterator === undefined ? '' : `&iterator=${iterator}`}${order}`);
    iterator = (isBackward ? page.prevIterator : page.iterator) ?? iterator;
    for (const row of page.data) rows.push({ row, id: iterator?.replace(/^-/, '') ?? '' });
    done = page.done;
  }
  return rows;
}

describe.each(paged.map((operation) => [operation.id, operation] as const))('%s', (_, operation) => {
  it.each(['', '0', '251'])('refuses the limit "%s"', async (limit) => {
    const { statusCode, body } = await call(operation, `limit=${limit}`);
    expect(statusCode).toBe(422);
    expect(body).toContain('"limit"');
  });

  it.each(['x', '-1', '1.5', '1e2'])('cannot read the limit "%s"', async (limit) => {
    const { statusCode, body } = await call(operation, `limit=${limit}`);
    expect(statusCode).toBe(400);
    expect(body).toContain('limit: ');
  });

  it.each(['1', '250'])('takes the limit %s', async (limit) => {
    const { data } = await pageOf(operation, `limit=${limit}`);
    expect(data.length).toBeLessThanOrEqual(Number(limit));
  });

  it.each(malformedFor(operation))('refuses the malformed iterator "%s"', async (iterator) => {
    const { statusCode, body } = await call(operation, `iterator=${iterator}`);
    expect(statusCode).toBe(422);
    expect(body).toContain('"iterator"');
  });

  it('begins at the start with an empty iterator', async () => {
    const page = await pageOf(operation, '');
    expect((await pageOf(operation, 'iterator=')).data).toEqual(page.data);
  });
});

describe.each(lists.map((operation) => [operation.id, operation] as const))('%s', (_, operation) => {
  it('lists the three rows of the application or organisation, and no others', async () => {
    expect((await pageOf(operation, '')).data).toHaveLength(3 + (operation.id === 'v1.application.list' ? 1 : 0));
  });

  const orders = operation.query?.def.shape.order ? ['&order=ascending', '&order=descending'] : [''];
  it.each(orders)('goes on from each of its rows, forward and backward%s', async (order) => {
    const rows = await walk(operation, { order });
    expect(rows.map(({ row }) => row)).toEqual((await pageOf(operation, order.slice(1))).data);
    for (const [index, { id }] of rows.entries()) {
      expect(await walk(operation, { from: id, order })).toEqual(rows.slice(index + 1));
      expect(await walk(operation, { from: `-${id}`, order })).toEqual(rows.slice(0, index).reverse());
    }
  });

  it('takes ids of its kind that are absent or of another tenant, and shows nothing of others', async () => {
    const rows = await walk(operation, {});
    const known = rows.map(({ row }) => row);
    for (const iterator of strangersOf(rows).flatMap((id) => [id, `-${id}`])) {
      for (const order of orders) {
        for (const row of (await pageOf(operation, `iterator=${iterator}${order}`)).data)
          expect(known).toContainEqual(row);
      }
    }
  });

  it('has every row before or behind an id of its kind that it does not list', async () => {
    const rows = await walk(operation, {});
    for (const id of strangersOf(rows)) {
      const [after, before] = [await walk(operation, { from: id }), await walk(operation, { from: `-${id}` })];
      expect([...before.reverse(), ...after].map(({ row }) => row)).toEqual(rows.map(({ row }) => row));
    }
  });

  it('refuses ids of another kind', async () => {
    const [{ id } = { id: '' }] = await walk(operation, {});
    // Event types are listed by their names, and an id can be a name.
    const otherKinds = kindOf(id) === undefined ? [] : Object.values(ids).filter((one) => kindOf(one) !== kindOf(id));
    for (const other of otherKinds.flatMap((one) => [one, `-${one}`])) {
      expect([other, (await call(operation, `iterator=${other}`)).statusCode]).toEqual([other, 422]);
    }
  });
});

/** Texts that are no iterator, each for both directions. */
function malformedFor({ id }: Operation): readonly string[] {
  const forAny = ['~', 'ä', 'a%20b', '%00', '%F0%9F%98%80', 'x'.repeat(2_000)];
  // Event types are listed by their names. These can be some.
  const forIds = id === 'v1.event-type.list' ? [] : ['x', '-', 'app_x', ids.organisation, `${ids.message}0`];
  return ['-', ...[...forAny, ...forIds].flatMap((one) => [one, `-${one}`])];
}

const kinds = Object.keys(ids) as (keyof typeof ids)[];
const kindOf = (id: string): keyof typeof ids | undefined => kinds.find((kind) => isId(kind, id));

/** Ids like those of the rows: between them and around them, some of other tenants, some that nothing has. */
function strangersOf(rows: readonly { readonly id: string }[]): readonly string[] {
  const kind = kindOf(rows[0]?.id ?? '');
  if (kind === undefined) return ['type.1', 'type.3', 'a', 'z'];
  const numbers = [1, 2, 3, 5, 6, 7, 50, 101, 102, 150, 201, 999];
  return numbers.map((n) => nthId(kind, n)).filter((id) => rows.every((row) => row.id !== id));
}
