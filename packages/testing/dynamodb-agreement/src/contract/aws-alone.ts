import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type ConsumedCapacity,
  GetItemCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { eventually } from '@posthorn/local-event-sources/testing/eventually';
import { openStream } from '../stream.ts';
import { type Contract, filler, n, s, withStream } from './contract.ts';

const ReturnConsumedCapacity = 'TOTAL';

/** Behaviour that AWS documents and DynamoDB Local does not have: only the embedded store keeps it. */
export function awsAlonePromises({ store, createTable, put }: Contract): void {
  it.each([
    [
      'more than 38 digits',
      '123456789012345678901234567890123456789',
      'Attempting to store more than 38 significant digits in a Number',
    ],
    ['too large', '1e126', 'Number overflow. Attempting to store a number with magnitude larger than supported range'],
    [
      'too small',
      '1e-131',
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    ],
    ['no number', 'one', 'The parameter cannot be converted to a numeric value: one'],
  ])('refuses a number that is %s', async (_what, number, message) => {
    const table = await createTable();
    await expect(put(table, { id: s('1'), number: n(number) })).rejects.toMatchObject({
      name: 'ValidationException',
      message,
    });
  });

  it('adds up the capacity of a batch by table', async () => {
    const [one, other] = [await createTable(), await createTable()];
    const { dynamodb } = store();
    const written = await dynamodb.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [one]: [{ PutRequest: { Item: { id: s('1'), a: filler(1500) } } }, { PutRequest: { Item: { id: s('2') } } }],
          [other]: [{ DeleteRequest: { Key: { id: s('1') } } }],
        },
        ReturnConsumedCapacity,
      }),
    );
    expect(byTable(written.ConsumedCapacity)).toEqual({ [one]: 3, [other]: 1 });
    const read = await dynamodb.send(
      new BatchGetItemCommand({
        RequestItems: { [one]: { Keys: [{ id: s('1') }, { id: s('2') }, { id: s('3') }], ConsistentRead: true } },
        ReturnConsumedCapacity,
      }),
    );
    expect(byTable(read.ConsumedCapacity)).toEqual({ [one]: 3 });
  });

  it('counts transactions twice', async () => {
    const TableName = await createTable();
    const { dynamodb } = store();
    const written = await dynamodb.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName, Item: { id: s('1'), a: filler(1500) } } },
          { ConditionCheck: { TableName, Key: { id: s('2') }, ConditionExpression: 'attribute_not_exists(id)' } },
        ],
        ReturnConsumedCapacity,
      }),
    );
    expect(byTable(written.ConsumedCapacity)).toEqual({ [TableName]: 6 });
    const read = await dynamodb.send(
      new TransactGetItemsCommand({
        TransactItems: [{ Get: { TableName, Key: { id: s('1') } } }],
        ReturnConsumedCapacity,
      }),
    );
    expect(byTable(read.ConsumedCapacity)).toEqual({ [TableName]: 2 });
  });

  it("says in a transaction's reasons which update is not possible for its item", async () => {
    const TableName = await createTable();
    const update = (id: string, UpdateExpression: string) => ({
      Update: { TableName, Key: { id: s(id) }, UpdateExpression, ExpressionAttributeValues: { ':v': n(1) } },
    });
    await expect(
      store().dynamodb.send(
        new TransactWriteItemsCommand({ TransactItems: [update('1', 'SET a = :v'), update('2', 'SET a.b = :v')] }),
      ),
    ).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [
        { Code: 'None' },
        {
          Code: 'ValidationError',
          Message: 'The document path provided in the update expression is invalid for update',
        },
      ],
    });
  });

  it('normalises numbers in lists and maps too', async () => {
    const TableName = await createTable();
    await put(TableName, { id: s('1'), a: { L: [n('1.0'), { M: { b: n('1e2') } }, { NS: ['1.50'] }] } });
    const { Item } = await store().dynamodb.send(new GetItemCommand({ TableName, Key: { id: s('1') } }));
    expect(Item?.a).toEqual({ L: [n(1), { M: { b: n(100) } }, { NS: ['1.5'] }] });
  });

  it('shows only the updated elements of a list', async () => {
    const TableName = await createTable();
    await put(TableName, { id: s('1'), a: { L: [n(0), n(1), n(2)] }, c: { L: [n(0), n(1)] } });
    const update = async (ReturnValues: 'UPDATED_OLD' | 'UPDATED_NEW') =>
      (
        await store().dynamodb.send(
          new UpdateItemCommand({
            TableName,
            Key: { id: s('1') },
            UpdateExpression: 'SET a[1] = :v REMOVE c[0]',
            ExpressionAttributeValues: { ':v': n(9) },
            ReturnValues,
          }),
        )
      ).Attributes;
    expect(await update('UPDATED_OLD')).toEqual({ a: { L: [n(1)] }, c: { L: [n(0)] } });
    expect(await update('UPDATED_NEW')).toEqual({ a: { L: [n(9)] } });
  });

  it('refuses a sum of more than 38 digits', async () => {
    const TableName = await createTable();
    await put(TableName, { id: s('1'), a: n('1e38') });
    const update = { UpdateExpression: 'ADD a :v', ExpressionAttributeValues: { ':v': n('0.1') } };
    await expect(
      store().dynamodb.send(new UpdateItemCommand({ TableName, Key: { id: s('1') }, ...update })),
    ).rejects.toMatchObject({ message: 'Attempting to store more than 38 significant digits in a Number' });
  });

  it('deletes expired items as the DynamoDB service', async () => {
    const TableName = await createTable(withStream('OLD_IMAGE'));
    const TimeToLiveSpecification = { AttributeName: 'until', Enabled: true };
    await store().dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    const [past, future] = [-10, 3600].map((seconds) => n(Math.floor(Date.now() / 1000) + seconds));
    if (past === undefined || future === undefined) throw new Error('expected two times');
    await put(
      TableName,
      { id: s('old'), until: past },
      { id: s('new'), until: future },
      { id: s('odd'), until: s('1') },
    );
    const get = async (id: string) =>
      (await store().dynamodb.send(new GetItemCommand({ TableName, Key: { id: s(id) } }))).Item;
    await eventually(async () => (await get('old')) === undefined);
    expect([await get('new'), await get('odd')]).not.toContain(undefined);
    const records = await (await openStream(store().streams, TableName)).readNew();
    expect(records.filter(({ eventName }) => eventName === 'REMOVE')).toMatchObject([
      {
        userIdentity: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' },
        dynamodb: { OldImage: { id: s('old'), until: past } },
      },
    ]);
  });
}

const byTable = (capacities: readonly ConsumedCapacity[] = []) =>
  Object.fromEntries(capacities.map(({ TableName = '', CapacityUnits }) => [TableName, CapacityUnits]));
