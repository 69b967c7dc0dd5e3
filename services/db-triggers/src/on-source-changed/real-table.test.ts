import {
  CreateTableCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { createInProcessClient, type EmbeddedDynamodb, openEmbeddedDynamodb } from '@posthorn/local-dynamodb';
import { createInsertApplication } from '@posthorn/models/insert-application';
import { createMessageRepository } from '@posthorn/models/messages';
import { createTables } from '@posthorn/models/tables';
import type { QueuesClient } from '@posthorn/queues';
import { anApplication, ids } from '@posthorn/testing';
import type { Context, DynamoDBRecord } from 'aws-lambda';
import { aRule, aSource } from '../fixtures/a-source.ts';
import { anEvent, done } from '../fixtures/stream-event.ts';
import { createHandler } from './create-handler.ts';

const stage = 'test';
let store: EmbeddedDynamodb;
let client: DynamoDBClient;
beforeEach(async () => {
  store = await openEmbeddedDynamodb();
  // It takes the place of the SDK's client.
  client = createInProcessClient(store, { pauseMs: () => 0 }) as unknown as DynamoDBClient;
  await createTables(client, stage);
  await client.send(
    new CreateTableCommand({
      TableName: 'orders',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
});
afterEach(() => store.close());

/** All records of the table's stream, as Lambda gets them. */
async function readRecords(): Promise<readonly DynamoDBRecord[]> {
  // The store's own answers have these forms.
  const call = async <Answer>(operation: string, input: object) => (await store.execute(operation, input)) as Answer;
  const { Table } = await call<{ Table: { LatestStreamArn: string } }>('DescribeTable', { TableName: 'orders' });
  const StreamArn = Table.LatestStreamArn;
  const { StreamDescription } = await call<{ StreamDescription: { Shards: readonly { ShardId: string }[] } }>(
    'DescribeStream',
    { StreamArn },
  );
  const records: DynamoDBRecord[] = [];
  for (const { ShardId } of StreamDescription.Shards) {
    const start = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
    const { ShardIterator } = await call<{ ShardIterator: string }>('GetShardIterator', start);
    const page = await call<{ Records: readonly DynamoDBRecord[] }>('GetRecords', { ShardIterator });
    records.push(...page.Records.map((record) => ({ ...record, eventSourceARN: StreamArn })));
  }
  return records;
}

const host = (sources = [aSource()]) => ({
  environment: { POSTHORN_STAGE: stage },
  tables: client,
  // Nothing is set aside here: a call would fail.
  queues: {} as QueuesClient,
  createCounters: () => ({ add: () => undefined, flush: () => undefined }),
  sources,
});
const storedMessages = async () => {
  const { items } = await createMessageRepository({ client, stage }).list(
    ids.application,
    { limit: 50, direction: 'forward', withBody: true },
    new Date(),
  );
  return items.toSorted((one, other) => (one.messageId < other.messageId ? -1 : 1));
};
const key = { id: { S: 'o-1' } };
const total = '12345678901234567890123456789012345678';

async function changeOrder(): Promise<void> {
  const Item = { ...key, status: { S: 'open' }, total: { N: total }, bytes: { B: new Uint8Array([1, 2]) } };
  await client.send(new PutItemCommand({ TableName: 'orders', Item }));
  await client.send(
    new UpdateItemCommand({
      TableName: 'orders',
      Key: key,
      UpdateExpression: 'SET #s = :s',
      ExpressionAttributeNames: { '#s': 'status' },
      ExpressionAttributeValues: { ':s': { S: 'paid' } },
    }),
  );
  await client.send(new DeleteItemCommand({ TableName: 'orders', Key: key }));
}

describe('the changes of a real table', () => {
  it('become stored messages, once, whatever is replayed', async () => {
    await createInsertApplication({ client, stage })(anApplication());
    await changeOrder();
    const rules = [aRule({ payload: { include: ['new', 'old', 'changed'], redact: [], json: 'plain' } })];
    const handle = createHandler(host([aSource({ rules })]));
    const records = await readRecords();
    expect(await handle(anEvent(...records), {} as Context)).toEqual(done);
    expect(await handle(anEvent(...records.slice(1)), {} as Context)).toEqual(done);
    const stored = await storedMessages();
    const bodies = Object.fromEntries(
      stored.map(({ eventType, body = '' }) => [eventType, body.replace(/^.*"data":/, '')]),
    );
    const item = (status: string) => `"id":"o-1","status":"${status}","total":${total},"bytes":"AQI="`;
    expect(bodies).toEqual({
      'order.insert': expect.stringContaining(`"new":{${item('open')}}`),
      'order.update':
        `{"operation":"update","new":{${item('paid')}},"old":{${item('open')}},` +
        '"changed":{"status":{"old":"open","new":"paid"}}}}',
      'order.remove': expect.stringContaining(`"old":{${item('paid')}}`),
    });
    expect(stored.map(({ orderingKey }) => orderingKey)).toEqual(Array(3).fill('orders {"id":"o-1"}'));
  });
});
