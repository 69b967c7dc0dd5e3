import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { untilPasses } from './fixtures/until.ts';

/** Nine seconds in slow attempts make a destination slow. */
const slowMs = 10_000;
/** A destination that is slow has two turns a second. */
const turnMs = 500;
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

/** An application with a destination, whose messages have a group for each `key`. */
async function aDestination(path: string) {
  const { id: app } = await svix.application.create({ name: path });
  const { id } = await svix.destination.create(app, {
    type: 'fifoEndpoint',
    config: { url: `${receiver.url}${path}` },
    metadata: { orderBy: '$.key' },
  });
  const post = (key: string, n: number) => svix.message.create(app, { eventType: 'a.b', payload: { key, n } });
  /** Sends messages with a key each. */
  const postEach = (first: number, count: number) =>
    Promise.all(Array.from({ length: count }, (_, n) => post(`key-${first + n}`, first + n)));
  const reasons = async (): Promise<readonly string[]> => {
    const answer = await fetch(`${system.url}/api/v1/app/${app}/endpoint/${id}/delivery?state=parked&limit=250`, {
      headers: { authorization: `Bearer ${system.token}` },
    });
    // The answer is a list of deliveries.
    const { data } = (await answer.json()) as { readonly data: readonly { readonly reason: string }[] };
    return data.map(({ reason }) => reason);
  };
  const numbers = () => receiver.requestsTo(path).map(({ body }) => Number(JSON.parse(body.toString()).n));
  return { app, post, postEach, reasons, numbers };
}

it('a destination with many keys that answers after ten seconds has a rate, and delays no other one', async () => {
  let delayMs = slowMs;
  receiver.respond('/slow', () => ({ status: 200, delayMs }));
  const [slow, quick] = await Promise.all([aDestination('/slow'), aDestination('/quick')]);
  let sent = 0;
  await untilPasses(async () => {
    await slow.postEach(sent, 6);
    sent += 6;
    expect(await slow.reasons()).toContain('endpoint-slow');
  });
  const before = receiver.requestsTo('/slow').length;
  const slowSince = Date.now();
  const sentBefore = sent;
  for (let n = 0; n < 20; n += 1) await Promise.all([slow.postEach(sent + 3 * n, 3), quick.post('one', n)]);
  sent += 60;
  await untilPasses(async () => expect(quick.numbers()).toHaveLength(20));
  expect(quick.numbers()).toEqual(Array.from({ length: 20 }, (_, n) => n));
  expect(await slow.reasons()).toContain('endpoint-slow');
  delayMs = 0;
  await untilPasses(async () => expect(new Set(slow.numbers()).size).toBe(sent));
  // Waiting was no attempt, and each message was sent once.
  expect(slow.numbers()).toHaveLength(sent);
  // Each one comes after its turn, but for those that had theirs before. A busy machine may be late for any of them.
  const afterMs = receiver
    .requestsTo('/slow')
    .slice(before)
    .map(({ arrivedAt }) => arrivedAt.getTime() - slowSince);
  const early = afterMs.map((ms, n) => (n + 1 - sentBefore) * turnMs - ms);
  expect(Math.max(...early)).toBeLessThan(toleranceMs);
});
