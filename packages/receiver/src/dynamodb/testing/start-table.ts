import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startDynamodbEmbedded } from '@posthorn/local-dynamodb/server';

export const tableName = 'received-messages';

export const createClient = (endpoint: string): DynamoDBClient =>
  new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });

/** A DynamoDB with the table of the store. */
export async function startTable() {
  const server = await startDynamodbEmbedded();
  const client = createClient(server.endpoint);
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  const stop = async (): Promise<void> => {
    client.destroy();
    await server.stop();
  };
  return { client, endpoint: server.endpoint, stop };
}
