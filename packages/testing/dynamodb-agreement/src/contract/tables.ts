import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBServiceException,
  ListTablesCommand,
  QueryCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import { eventually } from '@posthorn/local-event-sources/testing/eventually';
import { type Contract, indexedTable, n, rangeTable, s, withStream } from './contract.ts';

/** DynamoDB Local now and then answers 500 while it builds or deletes an index. Then the condition is not true yet. */
const onceAnswered = (condition: () => Promise<boolean>) => (): Promise<boolean> =>
  condition().catch((error: unknown) => {
    if (error instanceof DynamoDBServiceException && error.name === 'InternalFailure') return false;
    throw error;
  });

/** CreateTable, DescribeTable, ListTables, DeleteTable, UpdateTable, time to live. */
export function tablePromises({ store, createTable, put, name }: Contract): void {
  const describeTable = async (TableName: string) =>
    (await store().dynamodb.send(new DescribeTableCommand({ TableName }))).Table;

  it('describes a table with its keys, indexes and stream', async () => {
    const TableName = await createTable({ ...indexedTable(), ...withStream('NEW_AND_OLD_IMAGES') });
    const table = await describeTable(TableName);
    expect(table).toMatchObject({
      TableName,
      TableStatus: 'ACTIVE',
      ItemCount: 0,
      KeySchema: rangeTable().KeySchema,
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      GlobalSecondaryIndexes: [{ IndexName: 'by_group', IndexStatus: 'ACTIVE', Projection: { ProjectionType: 'ALL' } }],
      LocalSecondaryIndexes: [{ IndexName: 'by_rank', Projection: { ProjectionType: 'KEYS_ONLY' } }],
    });
    expect(table?.TableArn).toContain(`:table/${TableName}`);
    expect(table?.LatestStreamArn).toContain(`${table?.TableArn}/stream/${table?.LatestStreamLabel}`);
    expect(table?.CreationDateTime).toBeInstanceOf(Date);
  });

  it('describes the requested provisioned capacity', async () => {
    const TableName = await createTable({
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 4 },
    });
    expect(await describeTable(TableName)).toMatchObject({
      ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 4 },
    });
  });

  it('refuses a second table with the same name', async () => {
    await expect(createTable({ TableName: await createTable() })).rejects.toMatchObject({
      name: 'ResourceInUseException',
    });
  });

  it.each([
    ['a key that is not defined', { KeySchema: [{ AttributeName: 'other', KeyType: 'HASH' as const }] }],
    ['an attribute definition that no key uses', { AttributeDefinitions: rangeTable().AttributeDefinitions }],
    [
      'a local index on a table without a range key',
      {
        LocalSecondaryIndexes: [
          {
            IndexName: 'local',
            KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
            Projection: { ProjectionType: 'ALL' as const },
          },
        ],
      },
    ],
    ['a stream without a view', { StreamSpecification: { StreamEnabled: true } }],
    ['a name that is too short', { TableName: 'ab' }],
    ['provisioned billing without capacity', { BillingMode: 'PROVISIONED' as const }],
  ])('refuses to create a table with %s', async (_what, input) => {
    await expect(createTable(input)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('refuses a table that was not created', async () => {
    await expect(describeTable('nowhere')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(put('nowhere', { id: s('1') })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(store().dynamodb.send(new DeleteTableCommand({ TableName: 'nowhere' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('lists tables by name, page by page', async () => {
    for (const end of ['c', 'a', 'b']) await createTable({ TableName: `listed_${end}` });
    const first = await store().dynamodb.send(new ListTablesCommand({ ExclusiveStartTableName: 'listed', Limit: 2 }));
    expect(first.TableNames).toEqual(['listed_a', 'listed_b']);
    expect(first.LastEvaluatedTableName).toBe('listed_b');
    const second = await store().dynamodb.send(
      new ListTablesCommand({ ExclusiveStartTableName: first.LastEvaluatedTableName, Limit: 1 }),
    );
    expect(second.TableNames).toEqual(['listed_c']);
  });

  it('forgets a deleted table and its items', async () => {
    const { dynamodb } = store();
    const TableName = await createTable();
    await put(TableName, { id: s('1') });
    const { TableDescription } = await dynamodb.send(new DeleteTableCommand({ TableName }));
    expect(TableDescription?.TableName).toBe(TableName);
    await waitUntilTableNotExists({ client: dynamodb, maxWaitTime: 10, minDelay: 0.02, maxDelay: 0.1 }, { TableName });
    await createTable({ TableName });
    expect((await dynamodb.send(new QueryCommand(byId(TableName, '1')))).Count).toBe(0);
  });

  it('enables and disables a stream, and gives each new stream its own name', async () => {
    const { dynamodb } = store();
    const TableName = await createTable();
    const turn = async (on: boolean) => {
      const StreamSpecification = on ? withStream('NEW_IMAGE').StreamSpecification : { StreamEnabled: false };
      await dynamodb.send(new UpdateTableCommand({ TableName, StreamSpecification }));
      await waitUntilTableExists({ client: dynamodb, maxWaitTime: 10, minDelay: 0.02, maxDelay: 0.1 }, { TableName });
      return describeTable(TableName);
    };
    const first = await turn(true);
    expect(first?.StreamSpecification).toEqual({ StreamEnabled: true, StreamViewType: 'NEW_IMAGE' });
    expect((await turn(false))?.StreamSpecification).toBeUndefined();
    const second = await turn(true);
    expect(second?.LatestStreamArn).not.toBe(first?.LatestStreamArn);
  });

  it('adds an index to a table with items, and deletes it', async () => {
    const { dynamodb } = store();
    const TableName = await createTable();
    await put(TableName, { id: s('1'), group: s('a') }, { id: s('2') }, { id: s('3'), group: n(3) });
    const statuses = async () =>
      (await describeTable(TableName))?.GlobalSecondaryIndexes?.map(({ IndexStatus }) => IndexStatus) ?? [];
    await dynamodb.send(
      new UpdateTableCommand({
        TableName,
        AttributeDefinitions: [
          { AttributeName: 'id', AttributeType: 'S' },
          { AttributeName: 'group', AttributeType: 'S' },
        ],
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: 'added',
              KeySchema: [{ AttributeName: 'group', KeyType: 'HASH' }],
              Projection: { ProjectionType: 'ALL' },
            },
          },
        ],
      }),
    );
    await eventually(onceAnswered(async () => (await statuses())[0] === 'ACTIVE'));
    await put(TableName, { id: s('4'), group: s('a') });
    const found = await dynamodb.send(
      new QueryCommand({
        TableName,
        IndexName: 'added',
        KeyConditionExpression: '#g = :g',
        ExpressionAttributeNames: { '#g': 'group' },
        ExpressionAttributeValues: { ':g': s('a') },
      }),
    );
    expect(found.Items?.map(({ id }) => id?.S).sort()).toEqual(['1', '4']);
    await dynamodb.send(
      new UpdateTableCommand({ TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'added' } }] }),
    );
    await eventually(onceAnswered(async () => (await statuses()).length === 0));
    await put(TableName, { id: s('5'), group: n(5) });
  });

  it('remembers the time to live attribute', async () => {
    const { dynamodb } = store();
    const TableName = await createTable();
    const describe = async () =>
      (await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription;
    expect(await describe()).toEqual({ TimeToLiveStatus: 'DISABLED' });
    const TimeToLiveSpecification = { AttributeName: 'until', Enabled: true };
    const answer = await dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    expect(answer.TimeToLiveSpecification).toEqual(TimeToLiveSpecification);
    await eventually(async () => (await describe())?.TimeToLiveStatus === 'ENABLED');
    expect(await describe()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'until' });
    await expect(
      dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification })),
    ).rejects.toMatchObject({ name: 'ValidationException', message: 'TimeToLive is already enabled' });
  });

  it('refuses time to live for a table that does not exist', async () => {
    const TimeToLiveSpecification = { AttributeName: 'until', Enabled: true };
    await expect(
      store().dynamodb.send(new UpdateTimeToLiveCommand({ TableName: name(), TimeToLiveSpecification })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('responds to CreateTable with the table that is being created', async () => {
    const TableName = name();
    const { TableDescription } = await store().dynamodb.send(
      new CreateTableCommand({ ...rangeTable(), TableName, BillingMode: 'PAY_PER_REQUEST' }),
    );
    expect(TableDescription).toMatchObject({ TableName, KeySchema: rangeTable().KeySchema, ItemCount: 0 });
  });
}

const byId = (TableName: string, id: string) => ({
  TableName,
  KeyConditionExpression: 'id = :id',
  ExpressionAttributeValues: { ':id': s(id) },
});
