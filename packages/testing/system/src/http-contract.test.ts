import { Readable } from 'node:stream';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { commandUnderTest } from './fixtures/command-under-test.ts';
import { incompressible, isSigned } from './fixtures/payloads.ts';
import { until } from './fixtures/until.ts';

let system: LaunchedSystem;
let receiver: Receiver;
let svix: Svix;
beforeAll(async () => {
  [system, receiver] = await Promise.all([
    launchSystem({ POSTHORN_RETRY_SCHEDULE: '1,1,2' }, commandUnderTest()),
    startReceiver(),
  ]);
  svix = new Svix(system.token, { serverUrl: system.url });
});
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
});

interface Request {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | Readable;
  readonly duplex?: 'half';
}

/** Sends a request with the local organisation's token. */
const call = (path: string, { headers, ...rest }: Request = {}) =>
  fetch(`${system.url}${path}`, { headers: { authorization: `Bearer ${system.token}`, ...headers }, ...rest });

const post = (path: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
  call(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

describe('the front door', () => {
  it.each([
    ['GET', '/api/v1/nothing', 404, 'unknown_path'],
    ['GET', '/', 200, undefined],
    ['POST', '/api/v1/nothing/at/all', 404, 'unknown_path'],
    ['GET', `/api/v1/app/${'long'.repeat(700)}`, 404, 'not_found'],
    ['GET', `/api/v1/event-type/${'long'.repeat(700)}`, 404, 'not_found'],
    ['DELETE', `/api/v1/app/${'long'.repeat(700)}`, 404, 'not_found'],
    ['DELETE', '/api/v1/app', 405, 'method_not_allowed'],
    ['PUT', '/api/v1/health', 405, 'method_not_allowed'],
  ])('answers %s %s with %d', async (method, path, status, code) => {
    const answer = await call(path, { method });
    expect(answer.status).toBe(status);
    const text = await answer.text();
    if (code !== undefined) expect(JSON.parse(text)).toMatchObject({ code, detail: expect.any(String) });
  });

  it('refuses a body that is not JSON, with one error', async () => {
    const answer = await post('/api/v1/app', '{"name":');
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ detail: [{ loc: ['body'], type: 'value_error.jsondecode' }] });
  });

  it.each([
    ['a byte of Latin-1', [0xe9]],
    ['an overlong encoding', [0xc0, 0xaf]],
    ['a lone continuation byte', [0x80]],
    ['three bytes of a sequence of four', [0xf0, 0x9f, 0x98]],
  ])('refuses a body with %s, with its length and in chunks', async (_, bytes) => {
    const sent = [Buffer.from('{"name":"'), Buffer.from(bytes), Buffer.from('"}')];
    for (const body of [Buffer.concat(sent), Readable.from(sent)]) {
      const answer = await call('/api/v1/app', { method: 'POST', body, duplex: 'half' });
      expect(answer.status).toBe(422);
      expect(await answer.json()).toMatchObject({ detail: [{ loc: ['body'], type: 'value_error.jsondecode' }] });
    }
  });

  it('refuses a byte order mark, and accepts the character U+FFFD', async () => {
    expect((await post('/api/v1/app', '\uFEFF{"name":"a"}')).status).toBe(422);
    const created = await post('/api/v1/app', '{"name":"\uFFFD"}');
    expect([created.status, await created.json()]).toEqual([201, expect.objectContaining({ name: '\uFFFD' })]);
  });

  it.each([
    ['/api/v1/app/%E9', [400, 404]],
    ['/api/v1/app/%C0%AF/endpoint', [400, 404]],
    ['/api/v1/app/%ED%A0%80', [400, 404]],
    ['/api/v1/event-type/%80', [400, 404]],
    ['/api/v1/app?iterator=%E9', [200, 400, 422]],
    ['/api/v1/app?limit=%E9', [400, 422]],
  ])('says what is wrong with %s', async (path, statuses) => {
    expect(statuses).toContain((await call(path)).status);
  });

  it('accepts a body of up to 1 MiB, and answers 413 above', async () => {
    const sized = (bytes: number) => '{"name":"a"}'.padEnd(bytes);
    expect((await post('/api/v1/app', sized(1_048_576))).status).toBe(201);
    const tooLarge = await post('/api/v1/app', sized(1_048_577));
    expect(tooLarge.status).toBe(413);
    expect(await tooLarge.json()).toMatchObject({ code: 'payload_too_large' });
  });

  it('serves a path with an extra slash, for reading and for writing', async () => {
    expect(await (await call('/api/v1/app/?limit=1')).json()).toMatchObject({ data: expect.any(Array) });
    const created = await post('/api/v1/app/', '{"name":"Slash"}');
    expect([created.status, await created.json()]).toEqual([201, expect.objectContaining({ name: 'Slash' })]);
  });

  it('changes and deletes nothing at a path that a client has shortened', async () => {
    const { id } = (await (await post('/api/v1/app', '{"name":"Stays"}')).json()) as { id: string };
    const refused = await call(`/api/v1/app/${id}/endpoint/..`, { method: 'DELETE' });
    expect([refused.status, await refused.json()]).toEqual([404, expect.objectContaining({ code: 'unknown_path' })]);
    expect((await call(`/api/v1/app/${id}`)).status).toBe(200);
  });

  it('allows requests from web pages of any origin', async () => {
    const headers = {
      origin: 'https://dashboard.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,idempotency-key',
    };
    const preflight = await fetch(`${system.url}/api/v1/app/a/msg`, { method: 'OPTIONS', headers });
    // Any 2xx is accepted: serverless-offline turns the function's 204 into 200.
    expect(preflight.ok).toBe(true);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('idempotency-key');
    const answer = await call('/api/v1/app', { headers: { origin: headers.origin } });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('reports its health without a token, with a body or without', async () => {
    expect((await fetch(`${system.url}/api/v1/health`)).status).toBe(200);
    const head = await fetch(`${system.url}/api/v1/health`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('returns its description without a token', async () => {
    expect(await (await fetch(`${system.url}/api/v1/openapi.json`)).json()).toMatchObject({
      openapi: expect.stringMatching(/^3/),
    });
    expect((await fetch(`${system.url}/docs`)).headers.get('content-type')).toMatch('text/html');
  });
});

/** A new application with one endpoint at the receiver's path. */
async function anEndpointAt(path: string) {
  const { id } = await svix.application.create({ name: path });
  const endpoint = await svix.endpoint.create(id, { url: `${receiver.url}${path}` });
  return { applicationId: id, endpointId: endpoint.id, secret: (await svix.endpoint.getSecret(id, endpoint.id)).key };
}

const arrived = async (path: string, count: number) => {
  await receiver.waitFor(() => receiver.requestsTo(path).length >= count);
  return receiver.requestsTo(path);
};

/** The attempts of a message, newest first. Waits until there are `count` of them. */
async function attemptsOf(applicationId: string, messageId: string, count: number) {
  const list = async () => (await svix.messageAttempt.listByMsg(applicationId, messageId)).data;
  await until(`${count} attempts are recorded`, async () => (await list()).length === count);
  return list();
}

describe('an endpoint', () => {
  it('accepts all of 25 simultaneous changes', async () => {
    const { applicationId, endpointId } = await anEndpointAt('/changed');
    const path = `/api/v1/app/${applicationId}/endpoint/${endpointId}`;
    const patch = (below: string, body: object) =>
      call(`${path}${below}`, { method: 'PATCH', body: JSON.stringify(body) });
    const fields = { description: 'new', throttleRate: 5, channels: ['c'], uid: 'one', metadata: { a: 'b' } };
    const headers = Array.from({ length: 20 }, (_, n) => [`x-${n}`, 'a'] as const);
    const answers = await Promise.all([
      ...Object.entries(fields).map(([name, value]) => patch('', { [name]: value })),
      ...headers.map(([name, value]) => patch('/headers', { headers: { [name]: value } })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([...Array(5).fill(200), ...Array(20).fill(204)]);
    expect(await (await call(path)).json()).toMatchObject(fields);
    expect(await (await call(`${path}/headers`)).json()).toMatchObject({ headers: Object.fromEntries(headers) });
  });
});

describe('a message', () => {
  it.each([
    ['/odd', '{"b":1,"a":12345678901234567890,"é":"\\u00e9 "}'],
    ['/large', `{"data":"${incompressible(750_000)}"}`],
  ])('arrives at %s byte for byte, and signed', async (path, payload) => {
    const { applicationId, secret } = await anEndpointAt(path);
    const answer = await post(`/api/v1/app/${applicationId}/msg`, `{"eventType":"a.b","payload":${payload}}`);
    expect(answer.status).toBe(202);
    const [request] = await arrived(path, 1);
    expect(request?.body === payload).toBe(true);
    expect(isSigned(request, secret)).toBe(true);
  });

  it('is accepted and delivered once for each idempotency key', async () => {
    const { applicationId } = await anEndpointAt('/once');
    const send = (step: number, key: string) =>
      svix.message.create(applicationId, { eventType: 'a', payload: { step } }, { idempotencyKey: key });
    const [first, again] = await Promise.all([send(1, 'k1'), send(1, 'k1')]);
    const later = await send(1, 'k1');
    expect([again.id, later.id]).toEqual([first.id, first.id]);
    await arrived('/once', 1);
    await send(2, 'k2');
    const requests = await arrived('/once', 2);
    expect(requests.map(({ body }) => body)).toEqual(['{"step":1}', '{"step":2}']);
  });

  it('is sent again on request', async () => {
    const { applicationId, endpointId } = await anEndpointAt('/resend');
    const { id } = await svix.message.create(applicationId, { eventType: 'a', payload: { a: 1 } });
    await arrived('/resend', 1);
    await svix.messageAttempt.resend(applicationId, id, endpointId);
    const requests = await arrived('/resend', 2);
    expect(requests.map(({ headers, body }) => [headers['webhook-id'], body])).toEqual([
      [id, '{"a":1}'],
      [id, '{"a":1}'],
    ]);
    const attempts = await attemptsOf(applicationId, id, 2);
    expect(attempts.map(({ triggerType, status }) => [triggerType, status])).toEqual([
      [1, 0],
      [0, 0],
    ]);
  });

  it('disables an endpoint that answers 410, and gets no second attempt', async () => {
    const { applicationId, endpointId } = await anEndpointAt('/gone');
    receiver.respond('/gone', () => ({ status: 410 }));
    await svix.message.create(applicationId, { eventType: 'a', payload: {} });
    await until(
      'the endpoint is disabled',
      async () => (await svix.endpoint.get(applicationId, endpointId)).disabled === true,
    );
    expect(receiver.requestsTo('/gone')).toHaveLength(1);
  });

  it('is tried again on schedule until it is accepted, and every attempt is recorded', async () => {
    const { applicationId } = await anEndpointAt('/flaky');
    const accepted = 3;
    receiver.respond('/flaky', () => ({ status: receiver.requestsTo('/flaky').length < accepted ? 500 : 200 }));
    const { id } = await svix.message.create(applicationId, { eventType: 'a', payload: {} });
    await arrived('/flaky', accepted);
    const attempts = await attemptsOf(applicationId, id, accepted);
    expect(attempts.map(({ responseStatusCode }) => responseStatusCode)).toEqual([200, 500, 500]);
  });

  it('is retried no sooner than the endpoint asked for', async () => {
    const { applicationId } = await anEndpointAt('/busy');
    const seconds = 4;
    receiver.respond('/busy', () =>
      receiver.requestsTo('/busy').length === 1
        ? { status: 429, headers: { 'retry-after': String(seconds) } }
        : { status: 200 },
    );
    const { id } = await svix.message.create(applicationId, { eventType: 'a', payload: {} });
    await arrived('/busy', 2);
    const attempts = await attemptsOf(applicationId, id, 2);
    const [second, first] = attempts;
    expect([first?.responseStatusCode, second?.responseStatusCode]).toEqual([429, 200]);
    // Never sooner, however slow the machine is; the schedule alone says one second.
    expect(Number(second?.timestamp) - Number(first?.timestamp)).toBeGreaterThanOrEqual(seconds * 1_000);
  });
});
