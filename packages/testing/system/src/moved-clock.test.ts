import { type Receiver, startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { launchWithClock, type MovableSystem } from './fixtures/launch-with-clock.ts';
import { until, untilPasses } from './fixtures/until.ts';

const minute = 60_000;
/** Shorter than the three minutes after which the job of a worker that died comes back: nothing here needs that. */
const soon = (what: string, isSo: () => boolean | Promise<boolean>) => until(what, isSo, 150_000);
const hour = 60 * minute;
const day = 24 * hour;

let system: MovableSystem;
let receiver: Receiver;
let svix: Svix;
beforeAll(async () => {
  // A second for the one retry: what is exhausted or not tried again shows soon.
  [system, receiver] = await Promise.all([launchWithClock({ POSTHORN_RETRY_SCHEDULE: '1' }), startReceiver()]);
  svix = new Svix(system.token, { serverUrl: system.url });
});
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
});

type ReceiverAnswer = Awaited<ReturnType<Parameters<Receiver['respond']>[1]>>;

const idsAt = (path: string) => receiver.requestsTo(path).map(({ headers }) => String(headers['webhook-id']));
const asksForADay: ReceiverAnswer = { status: 429, headers: { 'retry-after': '86400' } };

async function anEndpoint(name: string, answer: ReceiverAnswer = { status: 200 }) {
  const path = `/${name}`;
  receiver.respond(path, () => answer);
  const app = (await svix.application.create({ name })).id;
  const { id } = await svix.endpoint.create(app, { url: `${receiver.url}${path}` });
  return {
    app,
    id,
    path,
    answer: (next: ReceiverAnswer) => receiver.respond(path, () => next),
    post: async (overrides: { deliverAt?: Date } = {}) =>
      (await svix.message.create(app, { eventType: 'a', payload: {}, ...overrides })).id,
    isDisabled: async () => (await svix.endpoint.get(app, id)).disabled === true,
    failures: async () => (await svix.endpoint.getStats(app, id)).fail,
    untilWaits: () => soon(`${name} waits`, async () => (await svix.endpoint.getStats(app, id)).sending === 1),
  };
}

/** A destination with one group. The first request of each message that `refuse` names gets the answer. */
async function aDestination(
  name: string,
  onExhausted: 'block' | 'skip',
  refuse: (n: number) => ReceiverAnswer | undefined,
) {
  const path = `/${name}`;
  receiver.respond(path, ({ body }) => refuse(JSON.parse(body).n) ?? { status: 200 });
  const app = (await svix.application.create({ name })).id;
  const { id } = await svix.destination.create(app, {
    type: 'fifoEndpoint',
    config: { url: `${receiver.url}${path}` },
    metadata: { onExhausted },
  });
  return {
    path,
    post: async (n: number, payloadRetentionHours?: number) => {
      const retention = payloadRetentionHours === undefined ? {} : { payloadRetentionHours };
      return (await svix.message.create(app, { eventType: 'a', payload: { n }, ...retention })).id;
    },
    status: async (): Promise<string> => (await svix.destination.get(app, id)).status,
    skip: async (msgId: string) => {
      const { status } = await fetch(`${system.url}/api/v1/app/${app}/destination/${id}/skip`, {
        method: 'POST',
        headers: { authorization: `Bearer ${system.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ msgId }),
      });
      return status;
    },
    received: () => receiver.requestsTo(path).map(({ body }) => JSON.parse(body).n as number),
  };
}

describe('an answer with the header webhook-delivery', () => {
  it('disables the endpoint, or ends the delivery of this message alone', async () => {
    const disabling = await anEndpoint('disable', { status: 500, headers: { 'webhook-delivery': 'disable' } });
    const aborting = await anEndpoint('abort', { status: 500, headers: { 'webhook-delivery': 'abort-message' } });
    const plain = await anEndpoint('plain', { status: 500 });
    await Promise.all([disabling, aborting, plain].map(({ post }) => post()));
    await soon('the endpoint is disabled', disabling.isDisabled);
    await soon('the plain one was tried again', () => idsAt(plain.path).length === 2);
    aborting.answer({ status: 200 });
    await aborting.post();
    await soon('the next message has arrived', () => idsAt(aborting.path).length === 2);
    expect(new Set(idsAt(aborting.path)).size).toBe(2);
    expect(idsAt(disabling.path)).toHaveLength(1);
    expect(await aborting.isDisabled()).toBe(false);
  });
});

it('a destination with onExhausted: skip goes on without a message whose retries are used up', async () => {
  const { post, received, status } = await aDestination('skips', 'skip', (n) =>
    n === 1 ? { status: 500 } : undefined,
  );
  for (const n of [0, 1, 2, 3]) await post(n);
  await soon('the last one has arrived', () => received().includes(3));
  expect(received()).toEqual([0, 1, 1, 2, 3]);
  await soon('the group flows', async () => (await status()) === 'enabled');
});

describe('after hours and days', () => {
  it('what was scheduled, asked for, expired or failed all the time is what it was planned to be', async () => {
    const scheduled = await anEndpoint('scheduled');
    const busy = await anEndpoint('busy', asksForADay);
    const dead = await anEndpoint('dead', { status: 500 });
    const refuseFirst = (n: number) => (n === 0 ? asksForADay : undefined);
    const [blocking, skipping] = await Promise.all([
      aDestination('expired-blocks', 'block', refuseFirst),
      aDestination('expired-skips', 'skip', refuseFirst),
    ]);

    const now = Date.now();
    const [early, late] = await Promise.all([
      scheduled.post({ deliverAt: new Date(now + hour) }),
      scheduled.post({ deliverAt: new Date(now + 23 * hour) }),
    ]);
    const asked = await busy.post();
    await dead.post();
    const expires = await blocking.post(0, 1);
    await blocking.post(1);
    await skipping.post(0, 1);
    await skipping.post(1);
    await busy.untilWaits();
    await soon('the endpoint has failed', () => idsAt(dead.path).length === 2);
    for (const { status } of [blocking, skipping])
      await soon('the group waits', async () => (await status()) === 'retrying');
    expect(idsAt(scheduled.path)).toEqual([]);

    await system.moveClock(hour);
    await soon('what was scheduled for now has arrived', () => idsAt(scheduled.path).length > 0);
    expect(idsAt(scheduled.path)).toEqual([early]);

    await system.moveClock(23 * hour);
    await soon('the other one has arrived', () => idsAt(scheduled.path).length > 1);
    expect(idsAt(scheduled.path)).toEqual([early, late]);
    expect(idsAt(busy.path)).toEqual([asked]);

    busy.answer({ status: 200 });
    await system.moveClock(day);
    await soon('the day is over', () => idsAt(busy.path).length > 1);
    expect(idsAt(busy.path)).toEqual([asked, asked]);

    // The heads have expired in their wait, and are not sent again.
    await soon('the head has blocked its group', async () => (await blocking.status()) === 'paused');
    await soon('the other group goes on', () => skipping.received().includes(1));
    expect([blocking.received(), skipping.received()]).toEqual([[0], [0, 1]]);
    expect(await blocking.skip(expires)).toBe(202);
    await soon('its group goes on too', () => blocking.received().includes(1));
    expect(blocking.received()).toEqual([0, 1]);

    expect(await dead.isDisabled()).toBe(false);
    await system.moveClock(5 * day);
    await dead.post();
    await soon('the endpoint is disabled after five days', dead.isDisabled);
    await untilEnabledAgain(dead);
  });
});

/** Enabling clears the mark: the failures that follow are the first ones. */
async function untilEnabledAgain(dead: Awaited<ReturnType<typeof anEndpoint>>): Promise<void> {
  await svix.endpoint.patch(dead.app, dead.id, { disabled: false });
  const before = idsAt(dead.path).length;
  await dead.post();
  await soon('it has failed again', () => idsAt(dead.path).length >= before + 2);
  await untilPasses(async () => expect(await dead.failures()).toBe(idsAt(dead.path).length));
  expect(await dead.isDisabled()).toBe(false);
}
