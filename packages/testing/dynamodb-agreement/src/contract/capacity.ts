import {
  type ConsumedCapacity,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type Contract, filler, indexedTable, n, s } from './contract.ts';

const ReturnConsumedCapacity = 'TOTAL';

/** ConsumedCapacity: one unit per 1 KB written and per 4 KB read, a share for each index, double in transactions. */
export function capacityPromises({ store, createTable, put }: Contract): void {
  const units = (answer: { ConsumedCapacity?: ConsumedCapacity | undefined }) => answer.ConsumedCapacity?.CapacityUnits;
  // The id (name and value) and the name of the filler take 4 bytes.
  const item = (bytes: number) => ({ id: s('1'), a: filler(bytes - 4) });

  it.each([
    [1024, 1],
    [1025, 2],
    [3000, 3],
  ])('writes %s bytes with %s units', async (bytes, wanted) => {
    const TableName = await createTable();
    const { dynamodb } = store();
    const input = { TableName, ReturnConsumedCapacity } as const;
    expect(units(await dynamodb.send(new PutItemCommand({ ...input, Item: item(bytes) })))).toBe(wanted);
    const smaller = new PutItemCommand({ ...input, Item: item(10) });
    expect(units(await dynamodb.send(smaller))).toBe(wanted);
    await put(TableName, item(bytes));
    const update = { Key: { id: s('1') }, UpdateExpression: 'SET b = :b', ExpressionAttributeValues: { ':b': s('') } };
    expect(units(await dynamodb.send(new UpdateItemCommand({ ...input, ...update })))).toBe(
      Math.ceil((bytes + 1) / 1024),
    );
    await put(TableName, item(bytes));
    expect(units(await dynamodb.send(new DeleteItemCommand({ ...input, Key: { id: s('1') } })))).toBe(wanted);
    expect(units(await dynamodb.send(new DeleteItemCommand({ ...input, Key: { id: s('1') } })))).toBe(1);
  });

  it.each([
    [4096, 1],
    [4097, 2],
  ])('reads %s bytes with %s units, half for an eventually consistent read', async (bytes, wanted) => {
    const TableName = await createTable();
    await put(TableName, item(bytes));
    const { dynamodb } = store();
    const input = { TableName, ReturnConsumedCapacity } as const;
    const get = { ...input, Key: { id: s('1') } };
    expect(units(await dynamodb.send(new GetItemCommand({ ...get, ConsistentRead: true })))).toBe(wanted);
    expect(units(await dynamodb.send(new GetItemCommand(get)))).toBe(wanted / 2);
    const query = { ...input, KeyConditionExpression: 'id = :id', ExpressionAttributeValues: { ':id': s('1') } };
    expect(units(await dynamodb.send(new QueryCommand({ ...query, ConsistentRead: true })))).toBe(wanted);
    expect(units(await dynamodb.send(new QueryCommand(query)))).toBe(wanted / 2);
  });

  it('adds up the sizes that a query reads before it rounds', async () => {
    const TableName = await createTable(indexedTable());
    await put(TableName, ...[1, 2, 3, 4].map((pos) => ({ id: s('1'), pos: n(pos), a: filler(1000) })));
    const query = { TableName, KeyConditionExpression: 'id = :id', ExpressionAttributeValues: { ':id': s('1') } };
    const answer = await store().dynamodb.send(
      new QueryCommand({ ...query, ReturnConsumedCapacity, ConsistentRead: true }),
    );
    expect(units(answer)).toBe(1);
  });

  it("returns each index's share of a write", async () => {
    const TableName = await createTable(indexedTable());
    const { dynamodb } = store();
    const write = async (more: object) => {
      const Item = { id: s('1'), pos: n(1), ...more };
      const answer = await dynamodb.send(new PutItemCommand({ TableName, Item, ReturnConsumedCapacity: 'INDEXES' }));
      const { CapacityUnits, Table, GlobalSecondaryIndexes, LocalSecondaryIndexes } = answer.ConsumedCapacity ?? {};
      return [
        CapacityUnits,
        Table?.CapacityUnits,
        GlobalSecondaryIndexes?.by_group?.CapacityUnits,
        LocalSecondaryIndexes?.by_rank?.CapacityUnits,
      ];
    };
    expect(await write({ group: s('g'), rank: n(1) })).toEqual([3, 1, 1, 1]);
    // A new value of an index key removes one index row and adds one.
    expect(await write({ group: s('g'), rank: n(2) })).toEqual([5, 1, 2, 2]);
    expect(await write({ group: s('h'), rank: n(2) })).toEqual([3, 1, 2, undefined]);
    // The local index has only keys, so another attribute writes nothing to it.
    expect(await write({ group: s('h'), rank: n(2), a: s('new') })).toEqual([2, 1, 1, undefined]);
    expect(await write({})).toEqual([3, 1, 1, 1]);
    expect(await write({})).toEqual([1, 1, undefined, undefined]);
  });

  it('returns no capacity if the request does not ask for it', async () => {
    const TableName = await createTable();
    const answer = await store().dynamodb.send(new PutItemCommand({ TableName, Item: { id: s('1') } }));
    expect(answer.ConsumedCapacity).toBeUndefined();
  });
}
