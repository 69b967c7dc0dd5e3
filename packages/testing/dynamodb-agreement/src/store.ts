import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { createInProcessClient, type EmbeddedOptions, openEmbeddedDynamodb } from '@posthorn/local-dynamodb';
import { createClients } from '@posthorn/local-dynamodb/testing/clients';

/** A running server that speaks DynamoDB's protocol. */
export interface Server {
  readonly endpoint: string;
  stop(): Promise<unknown>;
}

export type StartServer = () => Promise<Server>;

export type OpenStore = () => Promise<Store>;

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

/** Opens an embedded store and its client in this process, without HTTP. */
export async function openInProcess(options: EmbeddedOptions): Promise<Store> {
  const dynamodb = await openEmbeddedDynamodb(options);
  const client = createInProcessClient(dynamodb, { maxAttempts: 1 });
  return {
    // It takes the place of both clients of the SDK.
    dynamodb: client as unknown as DynamoDBClient,
    streams: client as unknown as DynamoDBStreamsClient,
    stop: () => dynamodb.close(),
  };
}
