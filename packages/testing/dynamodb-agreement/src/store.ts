import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { createClients } from '@posthorn/local-dynamodb/testing/clients';

/** A running server that speaks DynamoDB's protocol. */
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

export async function openStore(start: StartServer): Promise<Store> {
  const server = await start();
  // The clients do not retry, so that the first response is compared.
  const { dynamodb, streams, destroy } = createClients(server.endpoint);
  const stop = async () => {
    destroy();
    await server.stop();
  };
  return { dynamodb, streams, stop };
}
