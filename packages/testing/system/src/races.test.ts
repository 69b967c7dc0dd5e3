import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { ApiException, Svix } from 'svix';
import { commandUnderTest } from './fixtures/command-under-test.ts';

const maxEndpoints = 25;
const url = 'https://example.com/hook';

let system: LaunchedSystem;
let svix: Svix;
beforeAll(async () => {
  system = await launchSystem({ POSTHORN_MAX_ENDPOINTS: String(maxEndpoints) }, commandUnderTest());
  // A conflict must be seen as it is answered.
  svix = new Svix(system.token, { serverUrl: system.url, retryScheduleInMs: [] });
});
afterAll(async () => {
  await system?.stop();
});

const atOnce = <Sent>(count: number, send: (n: number) => Promise<Sent>): Promise<Sent[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => send(n)));

/** How requests end that are sent at the same time: `done`, or the status of the refusal. */
async function endsOf(count: number, send: (n: number) => Promise<unknown>): Promise<readonly string[]> {
  const ends = await atOnce(count, async (n) => {
    try {
      await send(n);
      return 'done';
    } catch (error) {
      if (error instanceof ApiException) return String(error.code);
      throw error;
    }
  });
  return ends.toSorted();
}

const anApplication = async (): Promise<string> => (await svix.application.create({ name: 'Toys' })).id;

describe('20 requests at the same time', () => {
  it.each<[string, (app: string, n: number) => Promise<unknown>]>([
    ['an application with one uid', (_, n) => svix.application.create({ name: `${n}`, uid: 'toys' })],
    ['an endpoint with one uid', (app, n) => svix.endpoint.create(app, { url, description: `${n}`, uid: 'one' })],
    [
      'a destination with one uid',
      (app) => svix.destination.create(app, { type: 'fifoEndpoint', config: { url }, uid: 'one' }),
    ],
    [
      'an endpoint or destination with one uid',
      (app, n) =>
        n % 2 === 0
          ? svix.endpoint.create(app, { url, uid: 'shared' })
          : svix.destination.create(app, { type: 'fifoEndpoint', config: { url }, uid: 'shared' }),
    ],
    [
      'an operational endpoint with one uid',
      (_, n) => svix.operationalWebhook.endpoint.create({ url, description: `${n}`, uid: 'one' }),
    ],
    ['an event type with one name', (_, n) => svix.eventType.create({ name: 'invoice.paid', description: `${n}` })],
    [
      'a message with one eventId',
      (app, n) => svix.message.create(app, { eventType: 'a', payload: { n }, eventId: 'one' }),
    ],
  ])('create %s once, and 19 are refused with 409', async (_, create) => {
    const app = await anApplication();
    expect(await endsOf(20, (n) => create(app, n))).toEqual([...Array(19).fill('409'), 'done']);
  });

  it('get or create one application', async () => {
    const found = await atOnce(20, (n) => svix.application.getOrCreate({ name: `${n}`, uid: 'books' }));
    expect(new Set(found.map(({ id, name }) => `${id} ${name}`)).size).toBe(1);
    const { data } = await svix.application.list({ limit: 250 });
    expect(data.filter(({ uid }) => uid === 'books')).toHaveLength(1);
  });

  it('send one message under one idempotency key', async () => {
    const app = await anApplication();
    const idempotencyKey = 'send-once';
    const sent = await atOnce(20, (n) =>
      svix.message.create(app, { eventType: 'a', payload: { n } }, { idempotencyKey }),
    );
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    const { data } = await svix.message.list(app);
    expect(data.map(({ id }) => id)).toEqual([sent[0]?.id]);
  });

  it('create one application, and one endpoint, under one idempotency key', async () => {
    const app = await anApplication();
    const idempotencyKey = 'create-once';
    const applications = await atOnce(20, () => svix.application.create({ name: 'Once' }, { idempotencyKey }));
    expect(new Set(applications.map(({ id }) => id)).size).toBe(1);
    const endpoints = await atOnce(20, () => svix.endpoint.create(app, { url }, { idempotencyKey }));
    expect(new Set(endpoints.map(({ id }) => id)).size).toBe(1);
    expect((await svix.endpoint.list(app)).data).toHaveLength(1);
  });
});

it('never gives an application more endpoints than the limit, however many are created at the same time', async () => {
  const app = await anApplication();
  await atOnce(maxEndpoints - 5, () => svix.endpoint.create(app, { url }));
  const ends = await endsOf(20, () => svix.endpoint.create(app, { url }));
  expect(ends).toEqual([...Array(15).fill('400'), ...Array(5).fill('done')]);
  expect((await svix.endpoint.list(app, { limit: 250 })).data).toHaveLength(maxEndpoints);
});
