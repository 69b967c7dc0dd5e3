import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { untilPasses } from './fixtures/until.ts';

/** A limit counts in whole seconds, and its first one can be at its end. */
const toleranceMs = 2_000;

let system: LaunchedSystem;
let receiver: Receiver;
let svix: Svix;
beforeAll(async () => {
  [system, receiver] = await Promise.all([launchSystem(), startReceiver()]);
  svix = new Svix(system.token, { serverUrl: system.url });
});
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
});

interface Limits {
  readonly application?: number;
  readonly endpoints: readonly (number | null)[];
}

/** An application whose endpoints have a path each. */
async function anApplication({ application, endpoints }: Limits) {
  const { id } = await svix.application.create({ name: 'throttled', throttleRate: application ?? null });
  const paths = endpoints.map((_, n) => `/${id}/${n}`);
  for (const [n, path] of paths.entries())
    await svix.endpoint.create(id, { url: `${receiver.url}${path}`, throttleRate: endpoints[n] ?? null });
  const send = (count: number) =>
    Promise.all(Array.from({ length: count }, () => svix.message.create(id, { eventType: 'a.b', payload: {} })));
  const times = (...own: readonly (string | undefined)[]) =>
    own.flatMap((path) => receiver.requestsTo(path ?? '')).map(({ arrivedAt }) => arrivedAt.getTime());
  return { id, paths, send, times };
}

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

async function createDestination(app: string, { url, orderBy }: { readonly url: string; readonly orderBy: string }) {
  const answer = await fetch(`${system.url}/api/v1/app/${app}/destination`, {
    method: 'POST',
    headers: { authorization: `Bearer ${system.token}` },
    body: JSON.stringify({ type: 'fifoEndpoint', config: { url }, metadata: { orderBy } }),
  });
  expect(answer.status).toBe(201);
}

/** Each one comes after its turn. The first turn is not before `from`, and a busy machine may be late for any of them. */
function expectTurns(times: readonly number[], from: number, rate: number): void {
  const early = times.toSorted((one, other) => one - other).map((time, n) => from + (n * 1_000) / rate - time);
  expect(Math.max(...early)).toBeLessThan(toleranceMs);
}

describe('throttleRate', () => {
  it('of an endpoint spreads its messages, which wait without an attempt, and delays no other endpoint', async () => {
    const { id, paths, send, times } = await anApplication({ endpoints: [1, null] });
    const from = Date.now();
    const sent = await send(15);
    await untilPasses(async () => expect(times(paths[0])).toHaveLength(15));
    expectTurns(times(paths[0]), from, 1);
    expect(Math.max(...times(paths[1]))).toBeLessThan(Math.max(...times(paths[0])));
    await untilPasses(async () => {
      for (const message of sent) {
        const { data } = await svix.messageAttempt.listByMsg(id, message.id);
        expect(data.map(({ status }) => status)).toEqual([0, 0]);
      }
    });
  });

  it('is used up while messages wait: an endpoint with five times the limit gets about five times as many', async () => {
    const [slow, fast] = await Promise.all([1, 5].map((rate) => anApplication({ endpoints: [rate] })));
    if (!slow || !fast) throw new Error('two applications are expected');
    await Promise.all([slow.send(10), fast.send(50)]);
    await untilPasses(async () =>
      expect([slow, fast].map(({ paths, times }) => times(...paths).length)).toEqual([10, 50]),
    );
    const [slowTimes, fastTimes] = [slow.times(...slow.paths), fast.times(...fast.paths)];
    // Ten percent less than the limits allow, and what each of them gets in the second that a worker may be late by.
    const countUntil = (times: readonly number[], until = 0) => times.filter((time) => time <= until).length;
    expect(countUntil(fastTimes, slowTimes[8])).toBeGreaterThanOrEqual(0.9 * 40 - 5);
    expect(countUntil(slowTimes, fastTimes[40])).toBeGreaterThanOrEqual(0.9 * 8 - 1);
  });

  it('of an application spreads the messages of all its endpoints together', async () => {
    const { paths, send, times } = await anApplication({ application: 3, endpoints: [null, null] });
    const from = Date.now();
    await send(6);
    await untilPasses(async () => expect(times(...paths)).toHaveLength(12));
    expectTurns(times(...paths), from, 3);
  });

  it('keeps the order of a destination’s groups', async () => {
    const { id } = await svix.application.create({ name: 'in order', throttleRate: 3 });
    const path = `/${id}`;
    await createDestination(id, { url: `${receiver.url}${path}`, orderBy: '$.key' });
    const from = Date.now();
    for (let n = 0; n < 6; n += 1)
      await Promise.all(['a', 'b'].map((key) => svix.message.create(id, { eventType: 'a.b', payload: { key, n } })));
    await untilPasses(async () => expect(receiver.requestsTo(path)).toHaveLength(12));
    const sent = receiver.requestsTo(path).map(({ body }) => JSON.parse(body));
    const numbersOf = (key: string) => sent.filter((one) => one.key === key).map(({ n }) => n);
    expect([numbersOf('a'), numbersOf('b')]).toEqual([range(6), range(6)]);
    const times = receiver.requestsTo(path).map(({ arrivedAt }) => arrivedAt.getTime());
    expectTurns(times, from, 3);
  });

  it('is kept by both where both have one', async () => {
    const { paths, send, times } = await anApplication({ application: 4, endpoints: [2, null] });
    const from = Date.now();
    await send(8);
    await untilPasses(async () => expect(times(...paths)).toHaveLength(16));
    expectTurns(times(paths[0]), from, 2);
    expectTurns(times(...paths), from, 4);
  });
});
