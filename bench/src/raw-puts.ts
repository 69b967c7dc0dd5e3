import { CreateTableCommand, DynamoDBClient, PutItemCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { repeat, timesPerSecond } from './repeat.ts';

const table = 'bench-raw-puts';
const connections = 8;
const warmUp = 500;
const measured = 3_000;

/** Puts of 1 KB items per second with a plain AWS client, after a warm-up, over as many connections as the load. */
export async function measureRawPuts(store: {
  dynamodb: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}): Promise<number> {
  const client = new DynamoDBClient({ endpoint: store.dynamodb, region: store.region, credentials: { ...store } });
  await client.send(
    new CreateTableCommand({
      TableName: table,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 10 }, { TableName: table });
  const put = (id: string) => {
    const Item = { id: { S: id }, text: { S: 'x'.repeat(1_000) } };
    return client.send(new PutItemCommand({ TableName: table, Item, ConditionExpression: 'attribute_not_exists(id)' }));
  };
  await repeat(warmUp, connections, (number) => put(`warm-up-${number}`));
  const perSecond = await timesPerSecond(measured, connections, (number) => put(`measured-${number}`));
  client.destroy();
  return perSecond;
}
