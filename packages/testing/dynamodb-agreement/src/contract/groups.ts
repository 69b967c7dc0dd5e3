import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  GetItemCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
} from '@aws-sdk/client-dynamodb';
import { type Contract, filler, n, s } from './contract.ts';

const manyKeys = (count: number) => Array.from({ length: count }, (_, place) => ({ id: s(`item-${place}`) }));

/** BatchGetItem and BatchWriteItem. */
export function batchPromises({ store, createTable, put }: Contract): void {
  const write = (table: string, ...requests: readonly object[]) =>
    store().dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [table]: [...requests] } }));

  it('puts and deletes items of several tables', async () => {
    const [one, other] = [await createTable(), await createTable()];
    await put(one, { id: s('old') });
    const { UnprocessedItems } = await store().dynamodb.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [one]: [{ DeleteRequest: { Key: { id: s('old') } } }, { PutRequest: { Item: { id: s('new'), a: n(1) } } }],
          [other]: [{ PutRequest: { Item: { id: s('new') } } }],
        },
      }),
    );
    expect(UnprocessedItems).toEqual({});
    const Keys = [{ id: s('old') }, { id: s('new') }];
    const { Responses, UnprocessedKeys } = await store().dynamodb.send(
      new BatchGetItemCommand({ RequestItems: { [one]: { Keys, ConsistentRead: true }, [other]: { Keys } } }),
    );
    expect(Responses).toEqual({ [one]: [{ id: s('new'), a: n(1) }], [other]: [{ id: s('new') }] });
    expect(UnprocessedKeys).toEqual({});
  });

  it('returns only the projected attributes in a batch', async () => {
    const table = await createTable();
    await put(table, { id: s('1'), a: n(1), c: n(2) });
    const { Responses } = await store().dynamodb.send(
      new BatchGetItemCommand({ RequestItems: { [table]: { Keys: [{ id: s('1') }], ProjectionExpression: 'c' } } }),
    );
    expect(Responses).toEqual({ [table]: [{ c: n(2) }] });
  });

  it('writes nothing if one request is invalid', async () => {
    const table = await createTable();
    await expect(
      write(table, { PutRequest: { Item: { id: s('1') } } }, { PutRequest: { Item: { id: n(1) } } }),
    ).rejects.toMatchObject({ name: 'ValidationException' });
    const { Item } = await store().dynamodb.send(new GetItemCommand({ TableName: table, Key: { id: s('1') } }));
    expect(Item).toBeUndefined();
  });

  it('accepts up to 25 writes and 100 reads, and no item twice', async () => {
    const table = await createTable();
    const puts = (count: number) => manyKeys(count).map((Item) => ({ PutRequest: { Item } }));
    const read = (Keys: ReturnType<typeof manyKeys>) =>
      store().dynamodb.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys } } }));
    await write(table, ...puts(25));
    expect((await read(manyKeys(100))).Responses?.[table]).toHaveLength(25);
    const refused = { name: 'ValidationException' };
    await expect(write(table, ...puts(26))).rejects.toMatchObject(refused);
    await expect(read(manyKeys(101))).rejects.toMatchObject(refused);
    const twice = { ...refused, message: 'Provided list of item keys contains duplicates' };
    await expect(write(table, ...puts(1), { DeleteRequest: { Key: { id: s('item-0') } } })).rejects.toMatchObject(
      twice,
    );
    await expect(read([{ id: s('1') }, { id: s('1') }])).rejects.toMatchObject(twice);
  });
}

/** TransactWriteItems and TransactGetItems. */
export function transactionPromises({ store, createTable, put }: Contract): void {
  const transact = (TransactItems: TransactWriteItem[], more: Partial<TransactWriteItemsCommandInput> = {}) =>
    store().dynamodb.send(new TransactWriteItemsCommand({ TransactItems, ...more }));
  const get = async (TableName: string, id: string) =>
    (await store().dynamodb.send(new GetItemCommand({ TableName, Key: { id: s(id) }, ConsistentRead: true }))).Item;
  const increment = (TableName: string, id = 'counter'): TransactWriteItem => ({
    Update: {
      TableName,
      Key: { id: s(id) },
      UpdateExpression: 'ADD a :one',
      ExpressionAttributeValues: { ':one': n(1) },
    },
  });

  it('does all four kinds of operations at once, in several tables', async () => {
    const [one, other] = [await createTable(), await createTable()];
    await put(one, { id: s('gone') }, { id: s('checked'), a: n(1) });
    await transact([
      { Put: { TableName: one, Item: { id: s('new') } } },
      increment(other),
      { Delete: { TableName: one, Key: { id: s('gone') } } },
      { ConditionCheck: { TableName: one, Key: { id: s('checked') }, ConditionExpression: 'attribute_exists(a)' } },
    ]);
    expect(await get(one, 'new')).toEqual({ id: s('new') });
    expect(await get(other, 'counter')).toEqual({ id: s('counter'), a: n(1) });
    expect(await get(one, 'gone')).toBeUndefined();
    expect(await get(one, 'checked')).toEqual({ id: s('checked'), a: n(1) });
  });

  it('does nothing if one condition fails, and returns a reason for each operation', async () => {
    const table = await createTable();
    await put(table, { id: s('there'), a: n(1) });
    const exists = {
      ConditionExpression: 'attribute_not_exists(id)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
    await expect(
      transact([
        { Put: { TableName: table, Item: { id: s('new') } } },
        { Put: { TableName: table, Item: { id: s('there') }, ...exists } },
        { Delete: { TableName: table, Key: { id: s('other') }, ConditionExpression: 'attribute_exists(id)' } },
      ]),
    ).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed]',
      CancellationReasons: [
        { Code: 'None' },
        {
          Code: 'ConditionalCheckFailed',
          Message: 'The conditional request failed',
          Item: { id: s('there'), a: n(1) },
        },
        { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
      ],
    });
    expect(await get(table, 'new')).toBeUndefined();
    expect(await get(table, 'there')).toEqual({ id: s('there'), a: n(1) });
  });

  it('accepts a repeated request with the same token, without a second effect', async () => {
    const table = await createTable();
    const request = [increment(table)];
    await transact(request, { ClientRequestToken: `token-${table}` });
    await transact(request, { ClientRequestToken: `token-${table}` });
    expect((await get(table, 'counter'))?.a).toEqual(n(1));
    await transact(request, { ClientRequestToken: `other-${table}` });
    expect((await get(table, 'counter'))?.a).toEqual(n(2));
  });

  it('refuses a token that another request has used', async () => {
    const table = await createTable();
    await transact([increment(table)], { ClientRequestToken: `token-${table}` });
    await expect(transact([increment(table, 'other')], { ClientRequestToken: `token-${table}` })).rejects.toMatchObject(
      {
        name: 'IdempotentParameterMismatchException',
      },
    );
  });

  it('accepts a token again after its request was cancelled', async () => {
    const table = await createTable();
    const request: TransactWriteItem[] = [
      { Put: { TableName: table, Item: { id: s('late') }, ConditionExpression: 'attribute_not_exists(id)' } },
      { ConditionCheck: { TableName: table, Key: { id: s('gate') }, ConditionExpression: 'attribute_exists(id)' } },
    ];
    const more = { ClientRequestToken: `token-${table}` };
    await expect(transact(request, more)).rejects.toMatchObject({ name: 'TransactionCanceledException' });
    await put(table, { id: s('gate') });
    await transact(request, more);
    expect(await get(table, 'late')).toEqual({ id: s('late') });
  });

  it('accepts up to 100 operations, and no item twice', async () => {
    const table = await createTable();
    const puts = (count: number) => manyKeys(count).map((Item) => ({ Put: { TableName: table, Item } }));
    await transact(puts(100));
    await expect(transact(puts(101))).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(transact([...puts(1), increment(table, 'item-0')])).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Transaction request cannot include multiple operations on one item',
    });
  });

  it('accepts up to 4 MB', async () => {
    const table = await createTable();
    const puts = (count: number) =>
      manyKeys(count).map((key) => ({ Put: { TableName: table, Item: { ...key, a: filler(400_000) } } }));
    await transact(puts(10));
    await expect(transact(puts(11))).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('loses no accepted transaction when many run at once', async () => {
    const table = await createTable();
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => transact([increment(table)])));
    const accepted = results.filter(({ status }) => status === 'fulfilled').length;
    expect((await get(table, 'counter'))?.a).toEqual(n(accepted));
    for (const result of results) {
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ CancellationReasons: [{ Code: 'TransactionConflict' }] });
    }
  });

  it('returns items in the order of the request, and {} for a missing one', async () => {
    const table = await createTable();
    await put(table, { id: s('1'), a: n(1), c: n(2) }, { id: s('2') });
    const { Responses } = await store().dynamodb.send(
      new TransactGetItemsCommand({
        TransactItems: [
          { Get: { TableName: table, Key: { id: s('2') } } },
          { Get: { TableName: table, Key: { id: s('none') } } },
          { Get: { TableName: table, Key: { id: s('1') }, ProjectionExpression: 'c' } },
        ],
      }),
    );
    expect(Responses).toEqual([{ Item: { id: s('2') } }, {}, { Item: { c: n(2) } }]);
    const twice = { Get: { TableName: table, Key: { id: s('1') } } };
    await expect(
      store().dynamodb.send(new TransactGetItemsCommand({ TransactItems: [twice, twice] })),
    ).rejects.toMatchObject({ message: 'Transaction request cannot include multiple operations on one item' });
  });
}
