import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { startDynamodbEmbedded } from '@posthorn/local-dynamodb';

/** Starts an empty DynamoDB in this process's memory, with the SDK's clients for it. */
export async function startLocalTables() {
  const server = await startDynamodbEmbedded();
  const settings = {
    endpoint: server.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const [client, streams] = [new DynamoDBClient(settings), new DynamoDBStreamsClient(settings)];
  return {
    settings,
    client,
    streams,
    async stop() {
      client.destroy();
      streams.destroy();
      await server.stop();
    },
  };
}

export const say = (text: string) => process.stdout.write(`${text}\n`);

/** The name and the message of what a promise was rejected with. */
export const refusalOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'accepted',
    ({ name, message }: Error) => `${name}: ${message}`,
  );
