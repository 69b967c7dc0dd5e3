import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';

/** A running server of the protocol, whoever wrote it. */
export interface Server {
  readonly endpoint: string;
  stop(): Promise<unknown>;
}

export type StartServer = () => Promise<Server>;

/** A server and the clients that speak to it. */
export interface Store {
  readonly dynamodb: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  stop(): Promise<void>;
}

// No second try: what the server answered first is what is compared.
const common = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'agreement', secretAccessKey: 'agreement' },
  maxAttempts: 1,
};

export async function openStore(start: StartServer): Promise<Store> {
  const server = await start();
  const dynamodb = new DynamoDBClient({ ...common, endpoint: server.endpoint });
  const streams = new DynamoDBStreamsClient({ ...common, endpoint: server.endpoint });
  const stop = async () => {
    dynamodb.destroy();
    streams.destroy();
    await server.stop();
  };
  return { dynamodb, streams, stop };
}
