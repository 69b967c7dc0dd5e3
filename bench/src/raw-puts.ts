import { CreateTableCommand, DynamoDBClient, PutItemCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';

const table = 'bench-raw-puts';
const connections = 8;
const warmUp = 500;
const measured = 3_000;

/** Puts of 1 KB items per second that the store takes from the raw client, warm, over as many connections as the load. */
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
  await putMany(client, warmUp);
  const startedAt = performance.now();
  await putMany(client, measured);
  const perSecond = (measured / (performance.now() - startedAt)) * 1_000;
  client.destroy();
  return perSecond;
}

async function putMany(client: DynamoDBClient, count: number): Promise<void> {
  let left = count;
  const work = async () => {
    while (left > 0) {
      left -= 1;
      const Item = { id: { S: `${count}-${left}` }, text: { S: 'x'.repeat(1_000) } };
      await client.send(
        new PutItemCommand({ TableName: table, Item, ConditionExpression: 'attribute_not_exists(id)' }),
      );
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
}
