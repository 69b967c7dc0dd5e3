import { DeleteTableCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { createItems, startServer, type TestServer } from '../testing/a-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

it('deletes a protected table only after its protection is removed', async () => {
  await createItems(server, 'guarded', { DeletionProtectionEnabled: true });
  const remove = () => server.dynamodb.send(new DeleteTableCommand({ TableName: 'guarded' }));
  await expect(remove()).rejects.toThrow('protected against deletion');
  await server.dynamodb.send(new UpdateTableCommand({ TableName: 'guarded', DeletionProtectionEnabled: false }));
  await remove();
});

it('rejects an update that changes nothing', async () => {
  await createItems(server, 'unchanged');
  await expect(server.dynamodb.send(new UpdateTableCommand({ TableName: 'unchanged' }))).rejects.toMatchObject({
    name: 'ValidationException',
  });
});
