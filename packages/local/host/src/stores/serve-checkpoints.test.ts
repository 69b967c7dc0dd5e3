import { openStorage, type Storage } from '@posthorn/local-storage';
import { type CheckpointsServer, serveCheckpoints } from './serve-checkpoints.ts';
import { createStoredCheckpoints } from './stored-checkpoints.ts';

let storage: Storage;
let server: CheckpointsServer;
beforeEach(async () => {
  storage = await openStorage({});
  const ports = { dynamodb: 0, sqs: 0, checkpoints: 0, mayChange: false };
  server = await serveCheckpoints({ storage, ports, accessKey: { id: 'id', secret: 'secret' } });
});
afterEach(async () => {
  await server.stop();
  await storage.close();
});

const call = (path: string, init: { method?: string; body?: string } = {}, token = server.endpoint.token) =>
  fetch(`${server.endpoint.url}${path}`, { ...init, headers: { authorization: `Bearer ${token}` } });
const checkpoint = { streamArn: 'arn:a', shards: { s: { kind: 'after', sequenceNumber: '7' } } } as const;
const name = 'fanOut.local-messages';

describe('the checkpoints of other processes', () => {
  it('are those that the host uses when it runs the functions', async () => {
    expect((await call(`/${name}`)).status).toBe(404);
    await createStoredCheckpoints(storage, name).save(checkpoint);
    expect(await (await call(`/${name}`)).json()).toEqual(checkpoint);
    const later = { ...checkpoint, shards: { s: { kind: 'after', sequenceNumber: '8' } } };
    expect((await call(`/${name}`, { method: 'PUT', body: JSON.stringify(later) })).status).toBe(204);
    expect(await createStoredCheckpoints(storage, name).load('arn:a')).toEqual(later);
  });

  it.each(['', 'secret', 'wrong'])('are not shown to a caller with the token %j', async (token) => {
    expect((await call(`/${name}`, {}, token)).status).toBe(401);
  });

  it.each(['', '{', '[]', '{"streamArn":1,"shards":{}}', '{"streamArn":"arn:a","shards":[]}'])(
    'are not replaced by %j',
    async (body) => {
      await createStoredCheckpoints(storage, name).save(checkpoint);
      expect((await call(`/${name}`, { method: 'PUT', body })).status).toBe(400);
      expect(await createStoredCheckpoints(storage, name).load('arn:a')).toEqual(checkpoint);
    },
  );

  it.each([
    ['/', 'GET', 404],
    ['/a/b', 'GET', 404],
    [`/${name}`, 'DELETE', 405],
  ])('answer %s %s with an error', async (path, method, status) => {
    expect((await call(path, { method })).status).toBe(status);
  });
});
