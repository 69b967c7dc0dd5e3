import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { until } from './fixtures/until.ts';

const minute = 60_000;

let system: LaunchedSystem;
beforeAll(async () => {
  system = await launchSystem();
}, 3 * minute);
afterAll(() => system?.stop(), minute);

const post = (path: string, body: object) =>
  fetch(`${system.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${system.token}` },
    body: JSON.stringify(body),
  });

it(
  'answers 503 while the store is stopped, also to the first request of a function, and recovers',
  async () => {
    const { processes } = await system.cloud();
    const store = processes.dynamodb;
    if (store === undefined) throw new Error('the store does not run in its own process');
    process.kill(store, 'SIGSTOP');
    try {
      const answer = await post('/api/v1/app/acme/msg', { eventType: 'a', payload: {} });
      expect([answer.status, await answer.json()]).toEqual([503, { code: 'unavailable', detail: expect.any(String) }]);
    } finally {
      process.kill(store, 'SIGCONT');
    }
    await until('the API recovers', async () => (await post('/api/v1/app', { name: 'Acme', uid: 'acme' })).ok);
    expect((await post('/api/v1/app/acme/msg', { eventType: 'a', payload: {} })).status).toBe(202);
  },
  3 * minute,
);
