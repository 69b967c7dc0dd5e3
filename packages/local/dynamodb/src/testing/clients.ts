import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';

/** Creates clients for a local store, without retries. */
export function createClients(endpoint: string) {
  const options = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
  const [dynamodb, streams] = [new DynamoDBClient(options), new DynamoDBStreamsClient(options)];
  const destroy = () => {
    dynamodb.destroy();
    streams.destroy();
  };
  return { dynamodb, streams, destroy };
}

export type Clients = ReturnType<typeof createClients>;
