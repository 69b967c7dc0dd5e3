import {
  CreateTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Receiver } from '@posthorn/testing';
import { type Access, createPlace, type Traffic } from '../traffic.ts';

const TableName = 'orders';
const applicationUid = 'bench-orders';

/** The text of a `posthorn.sources.yml`: each inserted order is an event. */
export const changeSources = `
sources:
  - name: orders
    table: ${TableName}
    application: ${applicationUid}
    rules:
      - name: all
        on: insert
        event_type: order.\${operation}
`;

/** An order as a shop stores it. Its event has about 600 bytes. */
const anOrder = (id: string, number: number) => ({
  id: { S: id },
  status: { S: 'open' },
  total: { N: `${119 + (number % 1_000)}.90` },
  currency: { S: 'EUR' },
  placedAt: { S: '2026-01-01T00:00:00.000Z' },
  customer: { M: { id: { S: `cus_${number % 997}` }, name: { S: 'Café Größenwahn GmbH' } } },
  lines: { L: [1, 2].map((line) => ({ M: { sku: { S: `sku-${number + line}` }, quantity: { N: String(line) } } })) },
});

/**
 * Inserts into a table of a user, which it creates. The system must have been started with `changeSources`.
 *
 * @param tables - where the user's tables are, and a key for them
 */
export async function createChangeTraffic(
  access: Access,
  receiver: Receiver,
  tables: DynamoDBClientConfig,
): Promise<Traffic> {
  const client = new DynamoDBClient(tables);
  const { svix: _, applicationId: _id, ...place } = await createPlace(access, receiver, { uid: applicationUid });
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  let orders = 0;
  return {
    ...place,
    async send() {
      orders += 1;
      const id = `order-${orders}`;
      await client.send(new PutItemCommand({ TableName, Item: anOrder(id, orders) }));
      return id;
    },
    markOf: ({ body }) => JSON.parse(body).data.keys.id,
  };
}
