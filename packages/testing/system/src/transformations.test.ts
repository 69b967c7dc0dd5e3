import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { Webhook } from 'standardwebhooks';
import { Svix } from 'svix';
import { until } from './fixtures/until.ts';

let system: LaunchedSystem;
let receiver: Receiver;
let svix: Svix;
beforeAll(async () => {
  [system, receiver] = await Promise.all([launchSystem({ POSTHORN_RETRY_SCHEDULE: '2,5,30,60,120' }), startReceiver()]);
  svix = new Svix(system.token, { serverUrl: system.url });
});
afterAll(async () => {
  await Promise.all([system.stop(), receiver.stop()]);
});

async function anEndpoint(name: string, code: string) {
  const app = await svix.application.create({ name });
  const endpoint = await svix.endpoint.create(app.id, {
    url: `${receiver.url}/${name}`,
    headers: { 'X-Tenant': 'acme' },
  });
  await svix.endpoint.transformation.patch(app.id, endpoint.id, { code, enabled: true, variables: { region: 'eu' } });
  const post = async (payload: object) => (await svix.message.create(app.id, { eventType: 'order.paid', payload })).id;
  const attempts = async () =>
    (await svix.messageAttempt.listByEndpoint(app.id, endpoint.id, { withContent: true })).data;
  return { app, endpoint, post, attempts };
}

describe('transformations', () => {
  it('change what is sent, and what is signed', async () => {
    const code = `function handler(webhook) {
      webhook.method = 'PUT';
      webhook.url += '/' + variables.region;
      webhook.payload = { text: webhook.eventType + ' ' + webhook.payload.id };
      webhook.headers['X-More'] = 'yes';
      return webhook;
    }`;
    const { app, endpoint, post } = await anEndpoint('changed', code);
    const id = await post({ id: 7 });
    await until('it arrives', () => receiver.requestsTo('/changed/eu').length > 0);
    const [request] = receiver.requestsTo('/changed/eu');
    expect(request?.body).toBe('{"text":"order.paid 7"}');
    expect(request?.headers).toMatchObject({ 'webhook-id': id, 'x-tenant': 'acme', 'x-more': 'yes' });
    const { key } = await svix.endpoint.getSecret(app.id, endpoint.id);
    const headers = Object.fromEntries(
      Object.entries(request?.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
    expect(() => new Webhook(key).verify(request?.body ?? '', headers)).not.toThrow();
  });

  it('leave the bytes of what they do not change', async () => {
    const { app, endpoint } = await anEndpoint('same', 'const handler = (webhook) => webhook');
    const body = '{ "n": 12345678901234567890,  "é": 1.50 }';
    await fetch(`${system.url}/api/v1/app/${app.id}/msg`, {
      method: 'POST',
      headers: { authorization: `Bearer ${system.token}`, 'content-type': 'application/json' },
      body: `{ "eventType": "a", "payload": ${body} }`,
    });
    await until('it arrives', () => receiver.requestsTo('/same').length > 0);
    expect(receiver.requestsTo('/same')[0]?.body).toBe(body);
    expect(endpoint.url).toBe(`${receiver.url}/same`);
  });

  it('cancel, which is a success without a request', async () => {
    const { app, endpoint, post, attempts } = await anEndpoint(
      'canceled',
      'const handler = (webhook) => ({ ...webhook, cancel: true })',
    );
    const id = await post({});
    await until('it is recorded', async () => (await attempts()).length > 0);
    expect(await attempts()).toMatchObject([
      {
        msgId: id,
        status: 4,
        statusText: 'canceled',
        responseStatusCode: 0,
        response: 'the transformation canceled the message',
      },
    ]);
    const unexpanded = await svix.messageAttempt.listByMsg(app.id, id, { expandedStatuses: false });
    expect(unexpanded.data).toMatchObject([{ status: 0, statusText: 'success' }]);
    for (const [status, expected] of [
      [0, []],
      [2, []],
      [4, [{ id, status: 4 }]],
    ] as const) {
      const listed = await svix.messageAttempt.listAttemptedMessages(app.id, endpoint.id, { status });
      expect(listed.data).toMatchObject(expected);
      expect((await svix.messageAttempt.listByEndpoint(app.id, endpoint.id, { status })).data).toHaveLength(
        expected.length,
      );
    }
    const destinations = await svix.messageAttempt.listAttemptedDestinations(app.id, id);
    expect(destinations.data).toMatchObject([{ id: endpoint.id, status: 4, statusText: 'canceled' }]);
    expect(receiver.requestsTo('/canceled')).toEqual([]);
  });

  it('fail as an attempt, whose retry has the corrected code', async () => {
    const { app, endpoint, post, attempts } = await anEndpoint(
      'failed',
      'function handler() { throw new Error("no such region") }',
    );
    await post({ n: 1 });
    await until('it has failed', async () => (await attempts()).length > 0);
    const [first] = await attempts();
    expect(first?.response).toContain('Error: no such region');
    await svix.endpoint.transformation.patch(app.id, endpoint.id, { code: 'const handler = (webhook) => webhook' });
    await until('it arrives', () => receiver.requestsTo('/failed').length > 0);
    expect(receiver.requestsTo('/failed')[0]?.body).toBe('{"n":1}');
  });

  it('end at their limits, while those of other tenants run', async () => {
    const hostile = await anEndpoint('hostile', 'function handler() { for (;;); }');
    const greedy = await anEndpoint(
      'greedy',
      'function handler() { const a = []; for (;;) a.push(new Uint8Array(4e6)); }',
    );
    const quiet = await anEndpoint('quiet', 'const handler = (webhook) => webhook');
    await Promise.all(Array.from({ length: 20 }, (_, n) => hostile.post({ n })));
    await Promise.all([greedy.post({}), ...Array.from({ length: 20 }, (_, n) => quiet.post({ n }))]);
    await until('the quiet tenant has its messages', () => receiver.requestsTo('/quiet').length === 20);
    // Not all of its attempts: on a slow machine its breaker opens before.
    await until('the hostile tenant has an attempt', async () => (await hostile.attempts()).length > 0);
    const [attempt] = await hostile.attempts();
    expect(attempt?.response).toContain('100 ms of CPU');
    await until('the greedy one has failed', async () => (await greedy.attempts()).length > 0);
    // On a slow machine, it takes too much CPU before it has filled its memory.
    expect((await greedy.attempts())[0]?.response).toMatch(/memory|100 ms of CPU/);
    expect(receiver.requestsTo('/hostile')).toEqual([]);
  });

  it('work at destinations, in order', async () => {
    const app = await svix.application.create({ name: 'ordered' });
    const config = { url: `${receiver.url}/ordered` };
    const destination = await svix.destination.create(app.id, { type: 'fifoEndpoint', config });
    const code = 'const handler = (w) => ({ ...w, cancel: w.payload.n === 2, payload: { n: w.payload.n * 10 } })';
    await svix.destination.transformation.patch(app.id, destination.id, { code });
    for (const n of [1, 2, 3, 4]) await svix.message.create(app.id, { eventType: 'a', payload: { n } });
    await until('they arrive', () => receiver.requestsTo('/ordered').length === 3);
    expect(receiver.requestsTo('/ordered').map(({ body }) => body)).toEqual(['{"n":10}', '{"n":30}', '{"n":40}']);
  });
});
