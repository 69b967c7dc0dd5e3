import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { type Faults, planFaults } from './fixtures/plan-faults.ts';
import { until } from './fixtures/until.ts';

const groups = 300;
const eachGroup = 3;
/** What was in flight at the kill comes back after this time. Much longer than a group's attempts take. */
const hiddenSeconds = 300;

let system: LaunchedSystem;
let receiver: Receiver;
let svix: Svix;
let faults: Faults;
beforeAll(async () => {
  faults = await planFaults({ seed: 1, hiddenSeconds });
  const environment = { ...faults.environment, POSTHORN_RETRY_SCHEDULE: '1' };
  [system, receiver] = await Promise.all([launchSystem(environment), startReceiver()]);
  svix = new Svix(system.token, { serverUrl: system.url });
});
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
  await faults?.remove();
});

interface Body {
  readonly key: number;
  readonly n: number;
}

/** A destination with a group for each `key`, and the bodies that it accepted or refused, in the order of arrival. */
async function aDestination(name: string, isRefused: (body: Body) => boolean, metadata: Record<string, string> = {}) {
  const app = await svix.application.create({ name });
  const path = `/${name}`;
  const accepted: Body[] = [];
  const refused: Body[] = [];
  receiver.respond(path, (request) => {
    const body: Body = JSON.parse(request.body);
    const isDown = isRefused(body);
    (isDown ? refused : accepted).push(body);
    return { status: isDown ? 500 : 200 };
  });
  const config = { url: `${receiver.url}${path}` };
  const { id } = await svix.destination.create(app.id, {
    type: 'fifoEndpoint',
    config,
    metadata: { orderBy: '$.key', ...metadata },
  });
  const call = async (method: string, below: string, body: object) => {
    const response = await fetch(`${system.url}/api/v1/app/${app.id}/destination/${id}${below}`, {
      method,
      headers: { authorization: `Bearer ${system.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
  const post = async (key: number, n: number) =>
    (await svix.message.create(app.id, { eventType: 'a.b', payload: { key, n } })).id;
  const status = async () => (await svix.destination.get(app.id, id)).status as string;
  const ofKey = (key: number) => accepted.filter((body) => body.key === key).map(({ n }) => n);
  return { app, id, accepted, refused, call, post, status, ofKey };
}

describe('a blocked group', () => {
  it('goes on soon after its head was skipped, or tried again', async () => {
    let isDown = true;
    const { call, post, status, ofKey, refused } = await aDestination('blocked', ({ n }) => isDown && n < 2);
    const [first, second] = [await post(1, 0), await post(1, 1), await post(1, 2)];
    await until('the group is blocked', async () => (await status()) === 'paused');
    expect(refused.map(({ n }) => n)).toEqual([0, 0]);
    const asked = Date.now();
    expect(await call('POST', '/skip', { msgId: second })).toMatchObject({ status: 409 });
    expect(await call('POST', '/skip', { msgId: first })).toMatchObject({ status: 202 });
    await until('the next one is attempted', () => refused.length > 2);
    expect(Date.now() - asked).toBeLessThan(hiddenSeconds * 1_000);
    await until('the group is blocked by it', async () => (await status()) === 'paused');
    isDown = false;
    expect(await call('POST', '/retry', {})).toMatchObject({ status: 202 });
    await until('the rest has arrived', () => ofKey(1).length === 2);
    expect(ofKey(1)).toEqual([1, 2]);
    await until('the group flows', async () => (await status()) === 'enabled');
  });

  it('goes on soon after a resend of its head was accepted, and sends the head no more', async () => {
    let isDown = true;
    const { app, id, post, status, ofKey } = await aDestination('resent', () => isDown);
    const first = await post(1, 0);
    for (const n of [1, 2]) await post(1, n);
    await until('the group is blocked', async () => (await status()) === 'paused');
    isDown = false;
    const asked = Date.now();
    await svix.messageAttempt.resend(app.id, first, id);
    await until('the rest has arrived', () => ofKey(1).length === 3);
    expect(Date.now() - asked).toBeLessThan(hiddenSeconds * 1_000);
    await until('the group flows', async () => (await status()) === 'enabled');
    expect(ofKey(1)).toEqual([0, 1, 2]);
  });
});

describe(`${groups} blocked groups`, () => {
  it('stay in order while others flow, while the destination is disabled, and when the host is killed', async () => {
    let isDown = true;
    const { call, post, status, ofKey, accepted, refused } = await aDestination('many', ({ key }) => isDown && key > 0);
    let flowing = 0;
    /** A message of the group that is always accepted. Without a success, ten seconds of failures open the breaker. */
    const flow = async () => {
      flowing += 1;
      await post(0, flowing);
    };
    for (let n = 0; n < eachGroup; n += 1)
      for (let key = 1; key <= groups; key += 25)
        await Promise.all([flow(), ...Array.from({ length: 25 }, (_, index) => post(key + index, n))]);
    await until('each head was tried twice', async () => {
      await flow();
      return refused.length === 2 * groups;
    });
    expect(refused.every(({ n }) => n === 0)).toBe(true);
    expect(await status()).toBe('paused');

    for (let n = 0; n < 20; n += 1) await flow();
    await until('another group has got all', () => ofKey(0).length === flowing);
    expect([await status(), refused.length]).toEqual(['paused', 2 * groups]);

    expect(await call('PATCH', '', { status: 'disabled' })).toMatchObject({ body: { status: 'disabled' } });
    await post(1, eachGroup);
    isDown = false;
    expect(await call('PATCH', '', { status: 'enabled' })).toMatchObject({ status: 200 });
    await until('some have arrived', () => accepted.length > flowing + groups / 2);
    process.kill((await system.cloud()).processes.host ?? 0, 'SIGKILL');
    const keys = Array.from({ length: groups }, (_, index) => index + 1);
    const isComplete = (key: number) => new Set(ofKey(key)).size === eachGroup;
    await until('all have arrived', () => keys.every(isComplete));
    for (const key of keys) {
      const order = ofKey(key).filter((n, index, all) => n !== all[index - 1]);
      expect(order).toEqual(Array.from({ length: eachGroup }, (_, n) => n));
    }
    await until('all groups flow', async () => (await status()) === 'enabled');
  });
});
