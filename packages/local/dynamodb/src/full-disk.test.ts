import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { createItems, startServer } from './testing/a-server.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dynamodb-embedded-'));
});
afterEach(() => rm(folder, { recursive: true }));

const item = (id: string) => ({ id: { S: id } });
const put = (id: string, TableName = 'items') => new PutItemCommand({ TableName, Item: item(id) });

it('refuses new items on a full disk with a status that is not tried again, and reads and deletes', async () => {
  const before = await startServer({ folder });
  await createItems(before, 'items');
  await before.dynamodb.send(put('a'));
  await before.stop();

  // No disk has this much free space.
  const server = await startServer({ folder, minFreeBytes: 2 ** 60, essentialTables: new Set(['results']) });
  const refused = server.dynamodb.send(put('b'));
  await expect(refused).rejects.toMatchObject({
    name: 'InsufficientStorageException',
    message: expect.stringContaining('MB free'),
    $metadata: { httpStatusCode: 507, attempts: 1 },
  });
  const { Item } = await server.dynamodb.send(new GetItemCommand({ TableName: 'items', Key: item('a') }));
  expect(Item).toEqual(item('a'));
  await server.dynamodb.send(new DeleteItemCommand({ TableName: 'items', Key: item('a') }));
  await createItems(server, 'results');
  await server.dynamodb.send(put('c', 'results'));
  await server.stop();
});
