import { DynamoDBClient, ScanCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { tableName } from '@posthorn/contracts';
import { startDynamodbEmbedded } from '@posthorn/local-dynamodb/server';
import { readOutboxRow } from '@posthorn/models/outbox-row';
import { createTables } from '@posthorn/models/tables';
import dynamoose from 'dynamoose';
import { dynamooseOutbox } from './dynamoose-outbox.ts';
import type { OutboxEvent } from './event.ts';
import { marshalledOutboxItem } from './marshalled-outbox-item.ts';
import { outboxItem } from './outbox-item.ts';

const anEvent = (overrides: Partial<OutboxEvent> = {}): OutboxEvent => ({
  application: 'shop',
  eventType: 'order.created',
  payload: { total: 7 },
  orderingKey: 'order-1',
  ...overrides,
});

describe('the item', () => {
  it('has all that the trigger of the outbox reads', () => {
    const all = { eventId: 'e', channels: ['eu', 'eu'], tags: ['blue'], organisation: 'org_a', stage: 'prod' };
    const { TableName, Item } = outboxItem(anEvent(all)).Put;
    expect(TableName).toBe(tableName('prod', 'outbox'));
    expect(readOutboxRow(Item)).toEqual({
      orderingKey: 'order-1',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      createdAt: expect.any(Date),
      organisationId: 'org_a',
      application: 'shop',
      eventType: 'order.created',
      payload: '{"total":7}',
      eventId: 'e',
      channels: ['eu'],
      tags: ['blue'],
    });
  });

  it('has the same attributes in both forms', () => {
    const { TableName, Item } = marshalledOutboxItem(anEvent({ tags: ['a', 'b'] })).Put;
    expect(TableName).toBe(tableName('local', 'outbox'));
    expect(unmarshall(Item)).toEqual({
      ...outboxItem(anEvent({ tags: ['a', 'b'] })).Put.Item,
      id: expect.any(String),
      createdAt: expect.any(String),
    });
  });

  it('keeps a payload that is JSON text byte for byte', () => {
    const payload = '{ "n": 12345678901234567890.0, "é": "\\u00e9" }';
    expect(outboxItem(anEvent({ payload })).Put.Item.payload).toBe(payload);
  });

  it('has another id each time', () => {
    expect(outboxItem(anEvent()).Put.Item.id).not.toBe(outboxItem(anEvent()).Put.Item.id);
  });
});

describe('an item in a transaction', () => {
  const stage = 'test';
  const orders = 'orders';
  let stop: () => Promise<void>;
  let client: DynamoDBClient;
  beforeAll(async () => {
    const server = await startDynamodbEmbedded();
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    client = new DynamoDBClient({ endpoint: server.endpoint, region: 'us-east-1', credentials });
    await createTables(client, stage);
    dynamoose.aws.ddb.set(
      new dynamoose.aws.ddb.DynamoDB({ endpoint: server.endpoint, region: 'us-east-1', credentials }),
    );
    stop = async () => {
      client.destroy();
      await server.stop();
    };
  });
  afterAll(() => stop());

  const document = () => DynamoDBDocumentClient.from(client);
  const event = (payload: object) => anEvent({ stage, payload });
  const payloads = async () => {
    const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName(stage, 'outbox') }));
    return Items.map(({ payload }) => payload?.S).sort();
  };

  it('commits with the write beside it or not at all: Dynamoose, the document client and the plain one', async () => {
    const Order = dynamoose.model('Order', { id: String });
    new dynamoose.Table(orders, [Order], { waitForActive: false });
    await Order.create({ id: 'made-before' });
    const outbox = dynamooseOutbox(dynamoose, { stage });
    await dynamoose.transaction([Order.transaction.create({ id: 'a' }), outbox(event({ by: 'dynamoose' }))]);
    const taken = dynamoose.transaction([Order.transaction.create({ id: 'a' }), outbox(event({ by: 'nobody' }))]);
    await expect(taken).rejects.toMatchObject({ name: 'TransactionCanceledException' });

    const put = (id: string) => ({ TableName: orders, Item: { id }, ConditionExpression: 'attribute_not_exists(id)' });
    const both = (id: string, by: string) =>
      document().send(new TransactWriteCommand({ TransactItems: [{ Put: put(id) }, outboxItem(event({ by }))] }));
    await both('b', 'document client');
    await expect(both('b', 'nobody')).rejects.toMatchObject({ name: 'TransactionCanceledException' });

    const plain = { Put: { ...put('c'), Item: { id: { S: 'c' } } } };
    const item = marshalledOutboxItem(event({ by: 'plain client' }));
    await client.send(new TransactWriteItemsCommand({ TransactItems: [plain, item] }));
    expect(await payloads()).toEqual(['{"by":"document client"}', '{"by":"dynamoose"}', '{"by":"plain client"}']);
  });
});
