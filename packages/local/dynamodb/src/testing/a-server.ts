import { CreateTableCommand, type CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { ServerOptions } from '../options.ts';
import { startDynamodbEmbedded } from '../server.ts';
import { createClients } from './clients.ts';

/** Starts a server and its clients. It is in memory unless the options say otherwise. `stop` ends both. */
export async function startServer(options: ServerOptions = {}) {
  const server = await startDynamodbEmbedded(options);
  const clients = createClients(server.endpoint);
  const stop = async () => {
    clients.destroy();
    await server.stop();
  };
  return { ...server, ...clients, stop };
}

export type TestServer = Awaited<ReturnType<typeof startServer>>;

/** Creates a table with the key `id` and the given options. */
export const createItems = (
  { dynamodb }: Pick<TestServer, 'dynamodb'>,
  TableName: string,
  rest: Partial<CreateTableCommandInput> = {},
) =>
  dynamodb.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      ...rest,
    }),
  );

export const withStream = {
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
} as const satisfies Partial<CreateTableCommandInput>;
