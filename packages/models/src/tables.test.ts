import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { DescribeStreamCommand, GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-dynamodb-streams';
import { type Table, tableName, tables } from '@posthorn/contracts';
import { createInProcessClient, type InProcessClient, openEmbeddedDynamodb } from '@posthorn/local-dynamodb';
import { aMessage, anEndpoint, secondsLater } from '@posthorn/testing';
import type { TablesClient } from './client.ts';
import { createEndpointRepository } from './endpoints.ts';
import { createMessageRepository } from './messages.ts';
import { toItem } from './rows/row.ts';
import { createTables, toCloudFormation, toCreateTableInput } from './tables.ts';
import { testClient } from './test-store.ts';

it('creates every table once, with its keys, index, stream and time to live', async () => {
  const stage = 'created-twice';
  await createTables(testClient, stage);
  await createTables(testClient, stage);
  for (const table of tables) {
    const expected = toCloudFormation(stage, table);
    const named = { TableName: tableName(stage, table) };
    const { Table } = await testClient.send(new DescribeTableCommand(named));
    const { TimeToLiveDescription } = await testClient.send(new DescribeTimeToLiveCommand(named));
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      KeySchema: expected.KeySchema,
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    });
    expect(Table?.StreamSpecification?.StreamViewType).toBe(expected.StreamSpecification?.StreamViewType);
    expect(Table?.GlobalSecondaryIndexes?.length).toBe(expected.GlobalSecondaryIndexes?.length);
    expect(TimeToLiveDescription?.AttributeName).toBe(expected.TimeToLiveSpecification?.AttributeName);
  }
});

it('describes the attempts table for CloudFormation', () => {
  expect(toCloudFormation('dev', 'attempts')).toMatchObject({
    TableName: 'posthorn-dev-attempts',
    AttributeDefinitions: [
      { AttributeName: 'partition', AttributeType: 'S' },
      { AttributeName: 'attemptId', AttributeType: 'S' },
      { AttributeName: 'messageId', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'partition', KeyType: 'HASH' },
      { AttributeName: 'attemptId', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [{ IndexName: 'byMessage', Projection: { ProjectionType: 'INCLUDE' } }],
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
  });
});

it('has no more attributes in the index than DynamoDB allows', () => {
  const { GlobalSecondaryIndexes: indexes = [] } = toCloudFormation('dev', 'attempts');
  for (const { Projection } of indexes) expect(Projection.NonKeyAttributes.length).toBeLessThanOrEqual(20);
});

describe('tables that an earlier version created', () => {
  const stage = 'earlier';
  const named = (table: Table) => ({ TableName: tableName(stage, table) });
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'earlier-tables-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function opened<Result>(use: (client: TablesClient, streams: InProcessClient) => Promise<Result>) {
    const dynamodb = await openEmbeddedDynamodb({ folder });
    const client = createInProcessClient(dynamodb);
    // It takes the same commands as the SDK's client; only the SDK's type knows more.
    return use(client as unknown as TablesClient, client).finally(() => dynamodb.close());
  }

  /** The tables without the streams that came later, and without the outbox. */
  async function createEarlierTables(client: TablesClient) {
    for (const table of tables) {
      if (table === 'outbox') continue;
      const { StreamSpecification, ...layout } = toCreateTableInput(stage, table);
      const isOld = table === 'messages' || table === 'attempts';
      await client.send(new CreateTableCommand({ ...layout, ...(isOld && { StreamSpecification }) }));
    }
  }
  const describeTables = async (client: TablesClient) =>
    Object.fromEntries(
      await Promise.all(
        tables.map(async (table) => {
          const { Table } = await client.send(new DescribeTableCommand(named(table)));
          return [table, Table?.LatestStreamArn];
        }),
      ),
    ) as Readonly<Record<Table, string | undefined>>;

  it('get the streams that they lack, and keep their rows and the streams that they have', async () => {
    const before = await opened(async (client) => {
      await createEarlierTables(client);
      await createEndpointRepository({ client, stage }).insert(anEndpoint());
      await createMessageRepository({ client, stage }).insert(aMessage());
      const { Table } = await client.send(new DescribeTableCommand(named('messages')));
      return Table?.LatestStreamArn;
    });
    const after = await opened(async (client) => {
      await createTables(client, stage);
      await createTables(client, stage);
      return describeTables(client);
    });
    expect(after.messages).toBe(before);
    const { applicationId, endpointId } = anEndpoint();
    await opened(async (client, streams) => {
      await createTables(client, stage);
      expect(await describeTables(client)).toEqual(after);
      const endpoints = createEndpointRepository({ client, stage });
      expect(await endpoints.find(applicationId, endpointId)).toEqual(anEndpoint());
      await endpoints.disable(anEndpoint(), secondsLater(1));
      expect(await readAll(streams, after.endpoints)).toMatchObject([
        {
          eventName: 'MODIFY',
          dynamodb: { OldImage: { disabled: { BOOL: false } }, NewImage: { disabled: { BOOL: true } } },
        },
      ]);
      expect(await readAll(streams, after.messages)).toMatchObject([{ eventName: 'INSERT' }]);
    });
  });

  it('get the indexes that they lack, with what is stored', async () => {
    await opened(async (client) => {
      const { GlobalSecondaryIndexes: _, AttributeDefinitions, ...layout } = toCreateTableInput(stage, 'groups');
      const isKey = (name: string) => layout.KeySchema.some(({ AttributeName }) => AttributeName === name);
      const definitions = AttributeDefinitions.filter(({ AttributeName }) => isKey(AttributeName));
      await client.send(new CreateTableCommand({ ...layout, AttributeDefinitions: definitions }));
      const Item = toItem({ endpointId: 'ep_1', group: 'a', blocked: 'ep_1', since: secondsLater(1).toISOString() });
      await client.send(new PutItemCommand({ ...named('groups'), Item }));
    });
    await opened(async (client) => {
      await createTables(client, stage);
      await createTables(client, stage);
      const query = {
        ...named('groups'),
        IndexName: 'byBlocked',
        KeyConditionExpression: 'blocked = :endpoint',
        ExpressionAttributeValues: toItem({ ':endpoint': 'ep_1' }),
      };
      expect((await client.send(new QueryCommand(query))).Items).toMatchObject([{ group: { S: 'a' } }]);
    });
  });
});

async function readAll(client: InProcessClient, StreamArn: string | undefined) {
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn }));
  const [shard] = StreamDescription?.Shards ?? [];
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({ StreamArn, ShardId: shard?.ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  return (await client.send(new GetRecordsCommand({ ShardIterator }))).Records;
}
