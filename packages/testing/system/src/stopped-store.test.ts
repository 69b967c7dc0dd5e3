import { type MortalServer, startMortalServer } from '@posthorn/local-dynamodb/testing/mortal-server';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { until } from './fixtures/until.ts';

let store: MortalServer;
let system: LaunchedSystem;
beforeAll(async () => {
  store = await startMortalServer({});
  system = await launchSystem({ POSTHORN_DYNAMODB: store.endpoint });
});
afterAll(async () => {
  await system?.stop();
  await store?.kill();
});

const post = (path: string, body: object) =>
  fetch(`${system.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${system.token}` },
    body: JSON.stringify(body),
  });

it('answers 503 while the store is stopped, also to the first request of a function, and recovers', async () => {
  store.signal('SIGSTOP');
  try {
    const answer = await post('/api/v1/app/acme/msg', { eventType: 'a', payload: {} });
    expect([answer.status, await answer.json()]).toEqual([503, { code: 'unavailable', detail: expect.any(String) }]);
  } finally {
    store.signal('SIGCONT');
  }
  await until('the API recovers', async () => (await post('/api/v1/app', { name: 'Acme', uid: 'acme' })).ok);
  expect((await post('/api/v1/app/acme/msg', { eventType: 'a', payload: {} })).status).toBe(202);
});
