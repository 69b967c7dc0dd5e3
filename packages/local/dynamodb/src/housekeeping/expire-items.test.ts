import { setTimeout as wait } from 'node:timers/promises';
import { GetItemCommand, PutItemCommand, UpdateItemCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { openStorage } from '@posthorn/local-storage';
import { openEmbeddedDynamodb } from '../engine/engine.ts';
import { keys } from '../level/keys.ts';
import { createItems, startServer, type TestServer, withStream } from '../testing/a-server.ts';
import { readStream } from '../testing/read-stream.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ expiryIntervalMs: 20 });
});
afterAll(() => server.stop());

const now = () => Math.floor(Date.now() / 1_000);
const put = (TableName: string, id: string, expiresAt: object) =>
  server.dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: id }, expiresAt: expiresAt as never } }));
const enable = (TableName: string) =>
  server.dynamodb.send(
    new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true } }),
  );
const find = async (TableName: string, id: string) =>
  (await server.dynamodb.send(new GetItemCommand({ TableName, Key: { id: { S: id } } }))).Item;
const waitUntilGone = async (TableName: string, id: string) => {
  while (await find(TableName, id)) await wait(10);
};

it('deletes expired items, with the time to live service in their stream records', async () => {
  await createItems(server, 'expiring', withStream);
  await enable('expiring');
  await put('expiring', 'later', { N: String(now() + 3_600) });
  await put('expiring', 'text', { S: String(now() - 10) });
  await put('expiring', 'long ago', { N: String(now() - 6 * 365 * 86_400) });
  await put('expiring', 'over', { N: String(now() - 10) });
  await waitUntilGone('expiring', 'over');
  for (const id of ['later', 'text', 'long ago']) expect(await find('expiring', id)).toBeDefined();
  const removals = (await readStream(server, 'expiring')).filter(({ eventName }) => eventName === 'REMOVE');
  expect(removals).toMatchObject([
    {
      userIdentity: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' },
      dynamodb: { Keys: { id: { S: 'over' } }, OldImage: { id: { S: 'over' } } },
    },
  ]);
});

it('deletes expired items that are older than the time to live setting', async () => {
  await createItems(server, 'filled');
  await put('filled', 'over', { N: String(now() - 10) });
  await enable('filled');
  await waitUntilGone('filled', 'over');
});

it('keeps an item if its expiry was moved to a later time', async () => {
  await createItems(server, 'extended');
  await enable('extended');
  await put('extended', 'a', { N: String(now() + 1) });
  await server.dynamodb.send(
    new UpdateItemCommand({
      TableName: 'extended',
      Key: { id: { S: 'a' } },
      UpdateExpression: 'SET expiresAt = :later',
      ExpressionAttributeValues: { ':later': { N: String(now() + 3_600) } },
    }),
  );
  await put('extended', 'marker', { N: String(now() + 1) });
  await waitUntilGone('extended', 'marker');
  expect(await find('extended', 'a')).toBeDefined();
});

it('deletes an item whose expiry is put after a search for later ones', async () => {
  await createItems(server, 'late');
  await enable('late');
  await put('late', 'first', { N: String(now() - 10) });
  await waitUntilGone('late', 'first');
  await put('late', 'second', { N: String(now() - 1_000) });
  await waitUntilGone('late', 'second');
});

it('removes expired tokens when it starts, so also in a process that soon ends', async () => {
  const storage = await openStorage({});
  await storage.commit([
    { type: 'put', key: keys.token('old'), value: JSON.stringify({ digest: '', until: 5 }) },
    { type: 'put', key: keys.tokenExpiry(5, 'old'), value: '' },
  ]);
  const store = await openEmbeddedDynamodb({ storage });
  while (storage.latest(keys.token('old')) !== undefined) await wait(5);
  await store.close();
  expect(storage.get(keys.tokenExpiry(5, 'old'))).toBeUndefined();
  await storage.close();
});
