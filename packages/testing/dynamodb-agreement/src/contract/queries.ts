import {
  type AttributeValue,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type ScanCommandInput,
} from '@aws-sdk/client-dynamodb';
import { b, type Contract, filler, indexedTable, n, rangeTable, s } from './contract.ts';

type Values = Record<string, AttributeValue>;
const numbers = (items: readonly Values[] | undefined, name = 'pos') => items?.map((item) => Number(item[name]?.N));
const byHash = { KeyConditionExpression: 'id = :id', ExpressionAttributeValues: { ':id': s('1') } };

/** Query: order, key conditions, pages, filters, indexes. */
export function queryPromises({ store, createTable, put }: Contract): void {
  const query = (input: QueryCommandInput) => store().dynamodb.send(new QueryCommand({ ...byHash, ...input }));
  const numbered = async (...places: readonly number[]) => {
    const table = await createTable(rangeTable());
    await put(table, ...places.map((one) => ({ id: s('1'), pos: n(one), odd: { BOOL: one % 2 !== 0 } })));
    return table;
  };

  it.each([
    ['numbers by value', 'N', ['-1e10', '-2', '-1.5', '0', '1e-10', '2', '10', '1e20'].map(n)],
    ['strings by their UTF-8 bytes', 'S', ['10', '9', 'B', 'a', 'aa', 'b', 'é', '\uFFFF', '\u{1F600}'].map(s)],
    ['bytes without a sign', 'B', [[0], [0, 0], [1], [1, 0], [127], [128], [255]].map((one) => b(...one))],
  ] as const)('orders %s, both ways', async (_what, type, values) => {
    const table = await createTable(rangeTable(type));
    const shuffled = [...values.slice(3), ...values.slice(0, 3).reverse()];
    await put(table, ...shuffled.map((pos) => ({ id: s('1'), pos })));
    const rangeOf = ({ Items }: { Items?: Values[] | undefined }) => Items?.map(({ pos }) => plain(pos));
    const kept = values.map((pos) => plain(pos));
    if (type !== 'N') expect(rangeOf(await query({ TableName: table }))).toEqual(kept);
    const ascending = rangeOf(await query({ TableName: table }));
    expect(rangeOf(await query({ TableName: table, ScanIndexForward: false }))).toEqual(ascending?.toReversed());
    if (type === 'N') expect(ascending?.map(Number)).toEqual(values.map(({ N }) => Number(N)));
  });

  it.each([
    ['pos = :a', { ':a': n(3) }, [3]],
    ['pos < :a', { ':a': n(3) }, [1, 2]],
    ['pos <= :a', { ':a': n(3) }, [1, 2, 3]],
    ['pos > :a', { ':a': n(3) }, [4, 10]],
    ['pos >= :a', { ':a': n(3) }, [3, 4, 10]],
    ['pos BETWEEN :a AND :b', { ':a': n(2), ':b': n(4) }, [2, 3, 4]],
  ])('finds by %s', async (condition, values, wanted) => {
    const TableName = await numbered(1, 2, 3, 4, 10);
    await put(TableName, { id: s('2'), pos: n(3) });
    const { Items, Count, ScannedCount } = await query({
      TableName,
      KeyConditionExpression: `id = :id AND ${condition}`,
      ExpressionAttributeValues: { ...byHash.ExpressionAttributeValues, ...values },
    });
    expect(numbers(Items)).toEqual(wanted);
    expect({ Count, ScannedCount }).toEqual({ Count: wanted.length, ScannedCount: wanted.length });
  });

  it('finds by the beginning of a range key', async () => {
    const TableName = await createTable(rangeTable('S'));
    await put(TableName, ...['a', 'ab', 'abc', 'b'].map((pos) => ({ id: s('1'), pos: s(pos) })));
    const { Items } = await query({
      TableName,
      KeyConditionExpression: 'begins_with(pos, :a) AND id = :id',
      ExpressionAttributeValues: { ...byHash.ExpressionAttributeValues, ':a': s('ab') },
    });
    expect(Items?.map(({ pos }) => pos?.S)).toEqual(['ab', 'abc']);
  });

  it.each([true, false])('returns pages without gaps or repetitions (forward: %s)', async (ScanIndexForward) => {
    const TableName = await numbered(1, 2, 3, 4);
    const first = await query({ TableName, ScanIndexForward, Limit: 3 });
    expect(numbers(first.Items)).toEqual(ScanIndexForward ? [1, 2, 3] : [4, 3, 2]);
    expect(first.LastEvaluatedKey).toEqual({ id: s('1'), pos: n(ScanIndexForward ? 3 : 2) });
    const second = await query({ TableName, ScanIndexForward, Limit: 3, ExclusiveStartKey: first.LastEvaluatedKey });
    expect(numbers(second.Items)).toEqual([ScanIndexForward ? 4 : 1]);
    expect(second.LastEvaluatedKey).toBeUndefined();
  });

  it('returns the last key when the limit is reached, even at the last item', async () => {
    const TableName = await numbered(1, 2);
    expect((await query({ TableName, Limit: 2 })).LastEvaluatedKey).toEqual({ id: s('1'), pos: n(2) });
  });

  it('starts after a key that does not exist', async () => {
    const TableName = await numbered(1, 5);
    const { Items } = await query({ TableName, ExclusiveStartKey: { id: s('1'), pos: n(3) } });
    expect(numbers(Items)).toEqual([5]);
  });

  it('filters after the limit', async () => {
    const TableName = await numbered(1, 2, 3, 4);
    const page = await query({
      TableName,
      Limit: 3,
      FilterExpression: 'odd = :odd',
      ExpressionAttributeValues: { ...byHash.ExpressionAttributeValues, ':odd': { BOOL: false } },
    });
    expect(page).toMatchObject({ Count: 1, ScannedCount: 3, LastEvaluatedKey: { pos: n(3) } });
  });

  it('only counts when the request asks for it', async () => {
    const page = await query({ TableName: await numbered(1, 2), Select: 'COUNT' });
    expect(page).toMatchObject({ Count: 2, ScannedCount: 2 });
    expect(page.Items).toBeUndefined();
  });

  it('ends a page after 1 MB', async () => {
    const TableName = await createTable(rangeTable());
    await put(TableName, ...[1, 2, 3, 4, 5].map((pos) => ({ id: s('1'), pos: n(pos), a: filler(300_000) })));
    const page = await query({ TableName });
    expect(numbers(page.Items)).toEqual([1, 2, 3, 4]);
    expect(page.LastEvaluatedKey).toEqual({ id: s('1'), pos: n(4) });
  });

  it.each([
    ['a filter on a key', { FilterExpression: 'pos = :at', ExpressionAttributeValues: { ':id': s('1'), ':at': n(1) } }],
    ['no condition on the hash key', { KeyConditionExpression: 'pos = :id' }],
    ['a hash key that is compared', { KeyConditionExpression: 'id > :id' }],
    ['a condition on another attribute', { KeyConditionExpression: 'id = :id AND odd = :id' }],
    ['a key of another type', { ExpressionAttributeValues: { ':id': n(1) } }],
    ['an index that does not exist', { IndexName: 'nowhere' }],
    ['a limit of 0', { Limit: 0 }],
  ])('refuses %s', async (_what, input) => {
    await expect(query({ TableName: await numbered(1), ...input })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('finds only items with the keys of the global index', async () => {
    const TableName = await createTable(indexedTable());
    await put(
      TableName,
      { id: s('1'), pos: n(1), group: s('g'), rank: n(2), a: s('whole') },
      { id: s('2'), pos: n(1), group: s('g'), rank: n(1) },
      { id: s('3'), pos: n(1), group: s('g') },
      { id: s('4'), pos: n(1), group: s('other'), rank: n(1) },
    );
    const input = {
      TableName,
      IndexName: 'by_group',
      KeyConditionExpression: '#g = :id',
      ExpressionAttributeNames: { '#g': 'group' },
      ExpressionAttributeValues: { ':id': s('g') },
    };
    const { Items } = await query(input);
    expect(Items?.map(({ id }) => id?.S)).toEqual(['2', '1']);
    expect(Items?.[1]).toEqual({ id: s('1'), pos: n(1), group: s('g'), rank: n(2), a: s('whole') });
    const page = await query({ ...input, Limit: 1 });
    expect(page.LastEvaluatedKey).toEqual({ id: s('2'), pos: n(1), group: s('g'), rank: n(1) });
    const rest = await query({ ...input, ExclusiveStartKey: page.LastEvaluatedKey });
    expect(rest.Items?.map(({ id }) => id?.S)).toEqual(['1']);
    await expect(query({ ...input, ConsistentRead: true })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('finds projected attributes by a local index, and the whole item on request', async () => {
    const TableName = await createTable(indexedTable());
    const whole = { id: s('1'), pos: n(1), rank: n(2), a: s('whole') };
    await put(TableName, whole, { id: s('1'), pos: n(2), rank: n(1) }, { id: s('1'), pos: n(3) });
    const input = { TableName, IndexName: 'by_rank', ConsistentRead: true };
    const { Items } = await query(input);
    expect(Items).toEqual([
      { id: s('1'), pos: n(2), rank: n(1) },
      { id: s('1'), pos: n(1), rank: n(2) },
    ]);
    expect((await query({ ...input, Select: 'ALL_ATTRIBUTES' })).Items?.[1]).toEqual(whole);
    expect((await query({ ...input, ProjectionExpression: 'a' })).Items).toEqual([{}, { a: s('whole') }]);
  });

  it('removes an item from an index when it loses the key', async () => {
    const TableName = await createTable(indexedTable());
    await put(
      TableName,
      { id: s('1'), pos: n(1), group: s('g'), rank: n(2) },
      { id: s('1'), pos: n(1), group: s('h'), rank: n(2) },
    );
    const found = (group: string) =>
      query({
        TableName,
        IndexName: 'by_group',
        KeyConditionExpression: '#g = :id',
        ExpressionAttributeNames: { '#g': 'group' },
        ExpressionAttributeValues: { ':id': s(group) },
      });
    expect((await found('g')).Count).toBe(0);
    expect((await found('h')).Count).toBe(1);
    await put(TableName, { id: s('1'), pos: n(1) });
    expect((await found('h')).Count).toBe(0);
  });

  it('refuses an index key of another type', async () => {
    const TableName = await createTable(indexedTable());
    await expect(put(TableName, { id: s('1'), pos: n(1), group: n(1) })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
}

/** Scan: every item once, in pages and segments. */
export function scanPromises({ store, createTable, put }: Contract): void {
  const all = Array.from({ length: 20 }, (_, place) => `item-${place}`);
  const filled = async () => {
    const table = await createTable(indexedTable());
    await put(
      table,
      ...all.map((id, place) => ({ id: s(id), pos: n(place), ...(place < 3 ? { group: s('g'), rank: n(1) } : {}) })),
    );
    return table;
  };
  const scanAll = async (input: ScanCommandInput) => {
    const ids: string[] = [];
    let start: Values | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await store().dynamodb.send(
        new ScanCommand({ ...input, ...(start === undefined ? {} : { ExclusiveStartKey: start }) }),
      );
      ids.push(...Items.map(({ id }) => id?.S ?? ''));
      start = LastEvaluatedKey;
    } while (start !== undefined);
    return ids;
  };

  it('returns every item once, page by page', async () => {
    const ids = await scanAll({ TableName: await filled(), Limit: 3 });
    expect(ids.sort()).toEqual([...all].sort());
  });

  it('divides the items among segments', async () => {
    const TableName = await filled();
    const parts = await Promise.all(
      [0, 1, 2].map((Segment) => scanAll({ TableName, Segment, TotalSegments: 3, Limit: 2 })),
    );
    expect(parts.flat().sort()).toEqual([...all].sort());
  });

  it('returns only the items and attributes in an index', async () => {
    expect((await scanAll({ TableName: await filled(), IndexName: 'by_group' })).sort()).toEqual(all.slice(0, 3));
  });

  it('counts the items that it read, and those that passed the filter', async () => {
    const page = await store().dynamodb.send(
      new ScanCommand({
        TableName: await filled(),
        FilterExpression: 'pos < :at',
        ExpressionAttributeValues: { ':at': n(5) },
      }),
    );
    expect(page).toMatchObject({ Count: 5, ScannedCount: 20 });
  });

  it.each([
    ['a segment past the last', { Segment: 2, TotalSegments: 2 }],
    ['a segment without the total', { Segment: 0 }],
    ['a total without a segment', { TotalSegments: 2 }],
  ])('refuses %s', async (_what, input) => {
    const TableName = await createTable();
    await expect(store().dynamodb.send(new ScanCommand({ TableName, ...input }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
}

const plain = (value: AttributeValue | undefined) =>
  value?.S ?? value?.N ?? Buffer.from(value?.B ?? []).toString('hex');
