import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type HttpProxyServer, type Receiver, startHttpProxy, startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { type Faults, planFaults } from './fixtures/plan-faults.ts';
import { untilPasses } from './fixtures/until.ts';

const password = 'hunter2-of-the-proxy';
/** The job of a failed worker comes back after this time. Longer than a delivery takes on a busy machine. */
const hiddenSeconds = 8;

let system: LaunchedSystem;
let receiver: Receiver;
let proxy: HttpProxyServer;
let svix: Svix;
let faults: Faults;
/** What the proxy does with the receiver's port: it connects, says that it does not accept us, or refuses the port. */
let action: 'connect' | 407 | 403 = 'connect';
beforeAll(async () => {
  [receiver, proxy, faults] = await Promise.all([
    startReceiver(),
    startHttpProxy(() => action),
    planFaults({ seed: 1, hiddenSeconds }),
  ]);
  system = await launchSystem({
    ...faults.environment,
    POSTHORN_EGRESS_PROXY: `http://posthorn:${password}@127.0.0.1:${proxy.port}`,
    POSTHORN_RETRY_SCHEDULE: '0',
    POWERTOOLS_LOG_LEVEL: 'DEBUG',
  });
  svix = new Svix(system.token, { serverUrl: system.url });
});
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop(), proxy?.stop()]);
  await faults?.remove();
});

async function anEndpoint(path: string, { url } = receiver) {
  const { id: app } = await svix.application.create({ name: path });
  await svix.endpoint.create(app, { url: `${url}${path}` });
  const post = async () => (await svix.message.create(app, { eventType: 'a', payload: {} })).id;
  const attempts = async (message: string) =>
    (await svix.messageAttempt.listByMsg(app, message, { withContent: true })).data;
  return { post, attempts };
}

describe('with a proxy', () => {
  it('messages go through it, to the address that was checked', async () => {
    action = 'connect';
    const { post } = await anEndpoint('/through');
    await post();
    await receiver.waitFor(() => receiver.requestsTo('/through').length === 1);
    const { port } = new URL(receiver.url);
    expect(proxy.requests.map(({ target }) => target)).toContain(`127.0.0.1:${port}`);
    expect(receiver.requestsTo('/through')[0]?.headers.host).toBe(`localhost:${port}`);
  });

  it('an endpoint that it refuses has failed attempts that say so', async () => {
    action = 403;
    // Another origin: the tunnel to the first one is kept.
    const { post, attempts } = await anEndpoint('/refused', { ...receiver, url: 'http://localhost:81' });
    const message = await post();
    await untilPasses(async () => expect(await attempts(message)).toHaveLength(2));
    for (const attempt of await attempts(message))
      expect(attempt).toMatchObject({ status: 2, response: expect.stringContaining('outbound proxy') });
  });

  it('its own trouble is no attempt, the message is delivered later, and no log has its password', async () => {
    action = 407;
    const { post, attempts } = await anEndpoint('/later', {
      ...receiver,
      url: receiver.url.replace('localhost', '127.0.0.1'),
    });
    const before = proxy.requests.length;
    const message = await post();
    await untilPasses(async () => expect(proxy.requests.length).toBeGreaterThan(before));
    await untilPasses(async () => expect(system.output()).toContain('check POSTHORN_EGRESS_PROXY'));
    expect(await attempts(message)).toEqual([]);
    action = 'connect';
    await untilPasses(async () => expect(await attempts(message)).toMatchObject([{ status: 0 }]));
    expect(system.output()).not.toContain(password);
    expect(system.output()).not.toContain(Buffer.from(`posthorn:${password}`).toString('base64'));
  });
});
