import {
  aCountedAttempt,
  anApplication,
  anAttempt,
  anEndpoint,
  anEventType,
  aStoredDelivery,
  ids,
  nthId,
  secondsLater,
} from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';

const path = `/api/v1/app/${ids.application}/endpoint`;

async function anEndpointsApi() {
  const api = anApi();
  await api.applications.insert(anApplication());
  await api.eventTypes.insert(anEventType());
  await api.eventTypes.insert(anEventType({ name: 'invoice.old', archived: true }));
  const call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', below: string, body?: unknown, search = '') =>
    api.serve(aRequest({ method, path: `${path}${below}`, body, search }));
  const create = async (body: object = {}) => {
    const answer = await call('POST', '', { url: 'https://example.com/hook', ...body });
    return { answer, id: String(bodyOf(answer).id) };
  };
  return { ...api, call, create };
}

describe.each(['.', '..'])('an endpoint with the uid %s', (uid) => {
  /** The path of a URL, from which every client that follows the URL standard leaves out `.` and `..`. */
  const sentPath = (name: string) => new URL(`http://localhost${path}/${encodeURIComponent(name)}`).pathname;

  it('is refused', async () => {
    const { create, endpoints } = await anEndpointsApi();
    const { answer } = await create({ uid });
    expect(answer.statusCode).toBe(422);
    expect(bodyOf(answer)).toMatchObject({ detail: [{ loc: ['body', 'uid'] }] });
    expect(endpoints.all()).toEqual([]);
  });

  it.each(['DELETE', 'PUT', 'PATCH'] as const)('does not lead %s to the application', async (method) => {
    const { serve, endpoints, applications } = await anEndpointsApi();
    await endpoints.insert(anEndpoint({ uid }));
    const stored = applications.all();
    const body = { name: 'Changed', url: 'https://example.com' };
    const answer = await serve(aRequest({ method, path: sentPath(uid), body }));
    expect([404, 405]).toContain(answer.statusCode);
    expect(answer.headers).not.toHaveProperty('location');
    expect(applications.all()).toEqual(stored);
  });

  it('of before can be read, listed, changed and deleted by its id', async () => {
    const { call, endpoints } = await anEndpointsApi();
    await endpoints.insert(anEndpoint({ uid }));
    const own = `/${ids.endpoint}`;
    expect(bodyOf(await call('GET', own))).toMatchObject({ uid });
    expect(bodyOf(await call('GET', ''))).toMatchObject({ data: [{ uid }] });
    expect(bodyOf(await call('PATCH', own, { description: 'new' }))).toMatchObject({ uid, description: 'new' });
    expect((await call('PATCH', own, { uid })).statusCode).toBe(422);
    expect((await call('DELETE', own)).statusCode).toBe(204);
  });
});

describe('endpoints', () => {
  it('are created, with nulls where something is optional', async () => {
    const { create } = await anEndpointsApi();
    const nulls = { uid: null, eventTypes: null, channels: null, throttleRate: null, secret: null, headers: null };
    const { answer } = await create({ url: 'HTTPS://Example.com', ...nulls });
    expect(answer.statusCode).toBe(201);
    expect(bodyOf(answer)).toMatchObject({
      id: expect.stringMatching(/^ep_[0-9A-Za-z]{27}$/),
      uid: null,
      url: 'https://example.com/',
      description: '',
      disabled: false,
      version: 1,
      eventTypes: null,
      filterTypes: null,
      channels: null,
    });
  });

  it.each([
    { url: 'http://example.com' },
    { url: 'ftp://example.com' },
    { url: '/hook' },
    { url: 'https:example.com' },
    { url: ' https://example.com' },
    { eventTypes: [] },
    { eventTypes: ['invoice.none'] },
    { eventTypes: ['invoice.old'] },
    { channels: [] },
    { secret: 'whsec_short' },
    { headers: { 'X-Svix-Id': '1' } },
    { headers: { 'X-Key': 'x'.repeat(4_097) } },
    { headers: { 'content-length': '1' } },
    { headers: { 'X-Key': 'one', 'x-key': 'two' } },
    { throttleRate: 5, rateLimit: 9 },
    { eventTypes: ['invoice.paid'], filterTypes: ['invoice.sent'] },
  ])('are refused with %j', async (body) => {
    const { create, endpoints } = await anEndpointsApi();
    expect((await create(body)).answer.statusCode).toBe(422);
    expect(endpoints.all()).toEqual([]);
  });

  it('have version 1, whatever version is asked for', async () => {
    const { create } = await anEndpointsApi();
    const { answer } = await create({ version: 2 });
    expect(answer.statusCode).toBe(201);
    expect(bodyOf(answer)).toMatchObject({ version: 1 });
  });

  it('are refused with the reason why a header cannot be set', async () => {
    const { create } = await anEndpointsApi();
    const { answer } = await create({ headers: { Host: 'a', 'X-Key': 'a\n' } });
    expect(bodyOf(answer)).toMatchObject({
      detail: [
        { loc: ['body', 'headers', 'Host'], msg: expect.stringContaining('Posthorn') },
        { loc: ['body', 'headers', 'X-Key'], msg: 'must be a valid header value' },
      ],
    });
  });

  it('are refused with the names of unknown event types', async () => {
    const { create } = await anEndpointsApi();
    const { answer } = await create({ eventTypes: ['invoice.paid', 'invoice.none', 'invoice.old'] });
    expect(bodyOf(answer)).toMatchObject({
      detail: [{ loc: ['body', 'eventTypes'], msg: expect.stringMatching(/invoice\.none, invoice\.old$/) }],
    });
  });

  it('are refused with the uid of another one', async () => {
    const { create } = await anEndpointsApi();
    await create({ uid: 'one' });
    expect((await create({ uid: 'one' })).answer.statusCode).toBe(409);
  });

  it('keep the secret that they are given, and never list it', async () => {
    const { create, call } = await anEndpointsApi();
    const secret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
    const { id, answer } = await create({ secret });
    expect(bodyOf(await call('GET', `/${id}/secret`))).toEqual({ key: secret });
    expect(answer.body).not.toContain(secret);
  });

  it('get a random secret if none is given', async () => {
    const { create, call } = await anEndpointsApi();
    const { id } = await create();
    expect(bodyOf(await call('GET', `/${id}/secret`))).toEqual({ key: expect.stringMatching(/^whsec_.{32}$/) });
  });

  it('are replaced as a whole, except for secret and headers', async () => {
    const { create, call } = await anEndpointsApi();
    const { id } = await create({ uid: 'one', description: 'a', headers: { 'X-A': '1' }, channels: ['c'] });
    const before = bodyOf(await call('GET', '/one/secret'));
    const answer = await call('PUT', '/one', { url: 'https://example.com/new' });
    expect(answer.statusCode).toBe(200);
    expect(bodyOf(answer)).toMatchObject({ id, uid: null, description: '', channels: null });
    expect(bodyOf(await call('GET', `/${id}/secret`))).toEqual(before);
    expect(bodyOf(await call('GET', `/${id}/headers`))).toMatchObject({ headers: { 'X-A': '1' } });
  });

  it('are created by a PUT if they do not exist', async () => {
    const { call } = await anEndpointsApi();
    expect(await call('PUT', '/any', { url: 'https://example.com' })).toMatchObject({ statusCode: 201 });
  });

  it('are created once by 20 concurrent PUTs with the same uid', async () => {
    const { call, endpoints } = await anEndpointsApi();
    const puts = Array.from({ length: 20 }, () => call('PUT', '/one', { url: 'https://example.com', uid: 'one' }));
    const statuses = (await Promise.all(puts)).map(({ statusCode }) => statusCode);
    expect(statuses.toSorted()).toEqual([...Array(19).fill(200), 201]);
    expect(endpoints.all()).toHaveLength(1);
  });

  it('are created once by 20 concurrent POSTs with the same uid', async () => {
    const { create, endpoints } = await anEndpointsApi();
    const posts = Array.from({ length: 20 }, () => create({ uid: 'one' }));
    const statuses = (await Promise.all(posts)).map(({ answer }) => answer.statusCode);
    expect(statuses.toSorted()).toEqual([201, ...Array(19).fill(409)]);
    expect(endpoints.all()).toHaveLength(1);
  });

  it('are not created by a PUT with the uid of another one', async () => {
    const { create, call, endpoints } = await anEndpointsApi();
    await create({ uid: 'one' });
    const answer = await call('PUT', '/two', { url: 'https://example.com', uid: 'one' });
    expect(answer.statusCode).toBe(409);
    expect(endpoints.all()).toHaveLength(1);
  });

  it('are at most 500 of an application, also if several are created at once', async () => {
    const { create, call, endpoints } = await anEndpointsApi();
    for (let n = 0; n < 498; n += 1) await endpoints.insert(anEndpoint({ endpointId: nthId('endpoint', n) }));
    const created = await Promise.all(Array.from({ length: 5 }, () => create()));
    const refused = created.filter(({ answer }) => answer.statusCode === 400);
    expect(refused).toHaveLength(3);
    expect(refused.map(({ answer }) => bodyOf(answer))).toEqual(
      Array(3).fill({
        code: 'limit_reached',
        detail: 'An application can have at most 500 endpoints and destinations: delete one to create another',
      }),
    );
    expect(await call('PUT', '/new', { url: 'https://example.com', uid: 'new' })).toMatchObject({ statusCode: 400 });
    expect(endpoints.all()).toHaveLength(500);
    await call('DELETE', `/${nthId('endpoint', 0)}`);
    expect((await create()).answer.statusCode).toBe(201);
  });

  it('are changed in parts: an absent field is kept, null clears it', async () => {
    const { create, call } = await anEndpointsApi();
    const { id } = await create({ uid: 'one', eventTypes: ['invoice.paid'], channels: ['c'] });
    const answer = await call('PATCH', `/${id}`, { eventTypes: null, disabled: true });
    expect(bodyOf(answer)).toMatchObject({ uid: 'one', eventTypes: null, channels: ['c'], disabled: true });
  });

  it('keep both of two concurrent changes', async () => {
    const { create, call, endpoints } = await anEndpointsApi();
    const { id } = await create();
    await Promise.all([call('PATCH', `/${id}`, { disabled: true }), call('PATCH', `/${id}`, { description: 'new' })]);
    expect(endpoints.all()).toMatchObject([{ disabled: true, description: 'new' }]);
  });

  it.each([
    ['rateLimit', 9],
    ['throttleRate', 9],
    ['filterTypes', ['invoice.sent']],
    ['eventTypes', ['invoice.sent', 'invoice.paid']],
  ])('are changed by sending back what was read with another %s', async (field, value) => {
    const { create, call, eventTypes } = await anEndpointsApi();
    await eventTypes.insert(anEventType({ name: 'invoice.sent' }));
    for (const method of ['PUT', 'PATCH'] as const) {
      const { id } = await create({ throttleRate: 5, eventTypes: ['invoice.paid'] });
      const read = bodyOf(await call('GET', `/${id}`));
      const answer = await call(method, `/${id}`, { ...read, [field]: value });
      expect(answer.statusCode).toBe(200);
      expect(bodyOf(answer)).toMatchObject({ [field]: value });
    }
  });

  it('are refused with two new values for one field, and stay as they are', async () => {
    const { create, call } = await anEndpointsApi();
    const { id } = await create({ throttleRate: 5 });
    const answer = await call('PATCH', `/${id}`, { throttleRate: 6, rateLimit: 7 });
    expect(answer.statusCode).toBe(422);
    expect(bodyOf(answer).detail[0].msg).toMatch(/throttleRate and rateLimit/);
    expect(bodyOf(await call('GET', `/${id}`))).toMatchObject({ throttleRate: 5 });
  });

  it('lose a field that a patch clears under either name', async () => {
    const { create, call } = await anEndpointsApi();
    const { id } = await create({ throttleRate: 5, eventTypes: ['invoice.paid'] });
    const answer = await call('PATCH', `/${id}`, { rateLimit: null, filterTypes: null });
    expect(bodyOf(answer)).toMatchObject({ throttleRate: null, eventTypes: null });
  });

  it('keep all of 25 concurrent changes', async () => {
    const { create, call } = await anEndpointsApi();
    const { id } = await create();
    const fields = { description: 'new', disabled: true, throttleRate: 5, channels: ['c'], uid: 'one' };
    const patches = Array.from({ length: 25 }, (_, n) => Object.entries({ ...fields, metadata: { n: `${n}` } })[n % 6]);
    const answers = await Promise.all(
      patches.map((patch) => call('PATCH', `/${id}`, Object.fromEntries(patch ? [patch] : []))),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(25).fill(200));
    expect(bodyOf(await call('GET', `/${id}`))).toMatchObject(fields);
  });

  it('are listed newest first, without those in FIFO mode', async () => {
    const { call, endpoints } = await anEndpointsApi();
    const [first, second, third] = [1, 2, 3].map((n) => nthId('endpoint', n));
    await endpoints.insert(anEndpoint({ endpointId: first ?? '' }));
    await endpoints.insert(anEndpoint({ endpointId: second ?? '' }));
    await endpoints.insert(anEndpoint({ endpointId: third ?? '', order: { onExhausted: 'block' } }));
    const { data, done } = bodyOf(await call('GET', ''));
    expect(data.map(({ id }: { id: string }) => id)).toEqual([second, first]);
    expect(done).toBe(true);
  });

  it('are deleted', async () => {
    const { create, call, endpoints } = await anEndpointsApi();
    const { id } = await create();
    expect(await call('DELETE', `/${id}`)).toMatchObject({ statusCode: 204 });
    expect(endpoints.all()).toEqual([]);
    expect(await call('DELETE', `/${id}`)).toMatchObject({ statusCode: 404 });
  });

  it('in FIFO mode have only secret, headers and statistics under these routes', async () => {
    const { call, endpoints, seal } = await anEndpointsApi();
    const { organisationId, endpointId } = anEndpoint();
    const sealedKey = await seal.seal('whsec_key', { organisationId, endpointId });
    await endpoints.insert(anEndpoint({ order: { onExhausted: 'block' }, secrets: [{ sealedKey }] }));
    expect(await call('GET', `/${ids.endpoint}`)).toMatchObject({ statusCode: 404 });
    expect(await call('PATCH', `/${ids.endpoint}`, {})).toMatchObject({ statusCode: 404 });
    expect(await call('DELETE', `/${ids.endpoint}`)).toMatchObject({ statusCode: 404 });
    for (const part of ['secret', 'headers', 'stats']) {
      expect(await call('GET', `/${ids.endpoint}/${part}`)).toMatchObject({ statusCode: 200 });
    }
  });
});

describe('headers', () => {
  it('are shown without what is likely a credential', async () => {
    const { create, call } = await anEndpointsApi();
    const { id } = await create({ headers: { 'X-Team': 'a', Authorization: 'Bearer s' } });
    const answer = await call('GET', `/${id}/headers`);
    expect(bodyOf(answer)).toEqual({ headers: { 'X-Team': 'a' }, sensitive: ['Authorization'] });
  });

  it('are replaced as a whole', async () => {
    const { create, call } = await anEndpointsApi();
    const { id } = await create({ headers: { 'X-Team': 'a' } });
    expect(await call('PUT', `/${id}/headers`, { headers: { 'X-B': 'b' } })).toMatchObject({ statusCode: 204 });
    expect(bodyOf(await call('GET', `/${id}/headers`))).toMatchObject({ headers: { 'X-B': 'b' } });
  });

  it('are changed one by one: null removes one, and names are compared without case', async () => {
    const { create, call } = await anEndpointsApi();
    const { id } = await create({ headers: { 'X-A': '1', 'X-B': '2', 'X-C': '3', 'X-D': '4' } });
    const patch = { headers: { 'X-A': null, 'x-b': '5' }, deleteHeaders: ['X-D'] };
    expect(await call('PATCH', `/${id}/headers`, patch)).toMatchObject({ statusCode: 204 });
    expect(bodyOf(await call('GET', `/${id}/headers`))).toMatchObject({ headers: { 'X-C': '3', 'x-b': '5' } });
  });

  it.each([
    ['PUT', { headers: { 'X-Key': 'one', 'x-key': 'two' } }],
    ['PATCH', { headers: { 'X-Key': 'one', 'x-key': null } }],
    ['PATCH', { headers: { 'X-Key': 'one' }, deleteHeaders: ['x-key'] }],
    ['PATCH', { headers: {}, deleteHeaders: ['X-Key', 'x-key'] }],
  ] as const)('are refused in two spellings by %s %j, by both names', async (method, body) => {
    const { create, call } = await anEndpointsApi();
    const { id } = await create({ headers: { 'x-KEY': 'zero' } });
    const refused = await call(method, `/${id}/headers`, body);
    expect(refused.statusCode).toBe(422);
    expect(bodyOf(refused).detail).toMatchObject([{ msg: expect.stringContaining('X-Key and x-key') }]);
    expect(bodyOf(await call('GET', `/${id}/headers`))).toMatchObject({ headers: { 'x-KEY': 'zero' } });
  });

  it('are refused when one patch sets and deletes the same one', async () => {
    const { create, call } = await anEndpointsApi();
    const { id } = await create();
    const patch = { headers: { 'X-Key': 'one' }, deleteHeaders: ['X-Key'] };
    expect(await call('PATCH', `/${id}/headers`, patch)).toMatchObject({ statusCode: 422 });
  });

  it('that an earlier version stored in two spellings are shown once, and can be patched', async () => {
    const { call, endpoints, seal } = await anEndpointsApi();
    const { organisationId, endpointId } = anEndpoint();
    const stored = JSON.stringify({ 'X-Key': 'one', 'x-key': 'two' });
    await endpoints.insert(anEndpoint({ sealedHeaders: await seal.seal(stored, { organisationId, endpointId }) }));
    const patch = { headers: { 'X-Other': 'a' } };
    expect(await call('PATCH', `/${endpointId}/headers`, patch)).toMatchObject({ statusCode: 204 });
    const { headers } = bodyOf(await call('GET', `/${endpointId}/headers`));
    expect(headers).toEqual({ 'x-key': 'two', 'X-Other': 'a' });
  });

  it('keep all of 25 concurrent patches', async () => {
    const { create, call } = await anEndpointsApi();
    const { id } = await create();
    const names = Array.from({ length: 25 }, (_, n) => `X-${n}`);
    const answers = await Promise.all(
      names.map((name) => call('PATCH', `/${id}/headers`, { headers: { [name]: 'a' } })),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(25).fill(204));
    expect(Object.keys(bodyOf(await call('GET', `/${id}/headers`)).headers).toSorted()).toEqual(names.toSorted());
  });

  it('are refused if they may not be sent', async () => {
    const { create, call } = await anEndpointsApi();
    const { id } = await create();
    const refused = await call('PUT', `/${id}/headers`, { headers: { 'Svix-Id': 'a' } });
    expect(refused.statusCode).toBe(422);
    expect(bodyOf(refused).detail[0].loc.slice(0, 2)).toEqual(['body', 'headers']);
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`x-${n}`, 'a'.repeat(4_000)]));
    expect(await call('PUT', `/${id}/headers`, { headers: many })).toMatchObject({ statusCode: 422 });
  });
});

describe('statistics', () => {
  const attempt = aCountedAttempt({ attemptedAt: secondsLater(-60) });

  it('count the attempts of the last 28 days', async () => {
    const { call, endpoints, statistics } = await anEndpointsApi();
    await endpoints.insert(anEndpoint());
    await statistics.count([
      { ...attempt, sequenceNumber: '1' },
      { ...attempt, sequenceNumber: '2', succeeded: false },
      { ...attempt, sequenceNumber: '3', attemptedAt: secondsLater(-29 * 86_400) },
    ]);
    const answer = await call('GET', `/${ids.endpoint}/stats`);
    expect(bodyOf(answer)).toEqual({
      success: 1,
      pending: 0,
      sending: 0,
      fail: 1,
      canceled: 0,
      countsAreComplete: true,
    });
  });

  it('count exactly from `since` to before `until`', async () => {
    const { call, endpoints, attempts, statistics } = await anEndpointsApi();
    await endpoints.insert(anEndpoint());
    for (const n of [1, 2, 3, 4]) {
      const attemptedAt = secondsLater(-3_600 + n);
      await attempts.record(anAttempt({ attemptId: nthId('attempt', -3_600 + n), attemptedAt }));
      await statistics.count([aCountedAttempt({ attemptedAt, sequenceNumber: `${n}` })]);
    }
    const search = (since: number, until: number) =>
      new URLSearchParams({
        since: secondsLater(-3_600 + since).toISOString(),
        until: secondsLater(-3_600 + until).toISOString(),
      }).toString();
    const countOf = async (since: number, until: number) =>
      bodyOf(await call('GET', `/${ids.endpoint}/stats`, undefined, search(since, until))).success;
    expect([await countOf(2, 4), await countOf(0, 5), await countOf(3, 3), await countOf(4, 3_600)]).toEqual([
      2, 4, 0, 1,
    ]);
  });

  it('count the deliveries of the endpoint that wait, and those that were canceled', async () => {
    const { call, endpoints, deliveries } = await anEndpointsApi();
    await endpoints.insert(anEndpoint());
    const stored = [
      aStoredDelivery({ state: 'held', reason: 'endpoint-failing' }, { messageId: nthId('message', 1) }),
      ...[2, 3].map((n) =>
        aStoredDelivery({ state: 'planned', reason: 'retry' }, { attemptNumber: 2, messageId: nthId('message', n) }),
      ),
      ...[4, 5, 6].map((n) =>
        aStoredDelivery({ state: 'canceled', reason: 'message_expired' }, { messageId: nthId('message', n) }),
      ),
      aStoredDelivery({ state: 'failed', reason: 'exhausted' }, { messageId: nthId('message', 7) }),
      aStoredDelivery({ state: 'held', reason: 'endpoint-failing' }, { endpointId: nthId('endpoint', 1) }),
    ];
    for (const one of stored) await deliveries.put(one);
    const answer = await call('GET', `/${ids.endpoint}/stats`);
    expect(bodyOf(answer)).toEqual({
      success: 0,
      pending: 1,
      sending: 2,
      fail: 0,
      canceled: 3,
      countsAreComplete: true,
    });
  });

  it.each([
    ['since=2025-11-01T00:00:00Z', 'invalid_range'],
    ['until=2026-01-02T00:00:00Z', 'invalid_range'],
    ['since=2025-12-31T00:00:00Z&until=2025-12-30T00:00:00Z', 'invalid_range'],
    ['since=yesterday', 'generic_error'],
  ])('refuse %s', async (search, code) => {
    const { call, endpoints } = await anEndpointsApi();
    await endpoints.insert(anEndpoint());
    const answer = await call('GET', `/${ids.endpoint}/stats`, undefined, search);
    expect(answer.statusCode).toBe(400);
    expect(bodyOf(answer)).toMatchObject({ code });
  });
});

describe('the ports that the operator allows', () => {
  async function aRestrictedApi() {
    const api = anApi(undefined, { allowedPorts: [443, 8443] });
    await api.applications.insert(anApplication());
    await api.endpoints.insert(anEndpoint({ url: 'https://example.com:9000/' }));
    const call = (method: 'POST' | 'PATCH', below: string, body: unknown) =>
      api.serve(aRequest({ method, path: `${path}${below}`, body }));
    return call;
  }

  it('are the only ones that URLs may have', async () => {
    const call = await aRestrictedApi();
    const create = (url: string) => call('POST', '', { url });
    for (const url of ['https://example.com', 'https://example.com:443', 'https://example.com:8443/a'])
      expect((await create(url)).statusCode).toBe(201);
    const refused = await create('https://example.com:8080');
    expect(refused.statusCode).toBe(422);
    expect(bodyOf(refused)).toMatchObject({
      detail: [{ loc: ['body', 'url'], msg: 'must have one of the allowed ports: 443, 8443' }],
    });
  });

  it('do not matter for the URL that an endpoint has already', async () => {
    const call = await aRestrictedApi();
    expect((await call('PATCH', `/${ids.endpoint}`, { disabled: true })).statusCode).toBe(200);
    expect((await call('PATCH', `/${ids.endpoint}`, { url: 'https://example.com:9001/' })).statusCode).toBe(422);
  });
});

describe('the event types of an endpoint', () => {
  const secret = { name: 'invoice.secret', featureFlags: ['beta', 'gamma'] };
  const without = ids.application;
  const refused = {
    detail: [{ loc: ['body', 'eventTypes'], msg: expect.stringMatching(/don't exist: invoice\.secret$/) }],
  };
  async function withHiddenType() {
    const api = await anEndpointsApi();
    await api.eventTypes.insert(anEventType(secret));
    const send = (token: string, method: 'POST' | 'PUT' | 'PATCH', below: string, eventTypes: readonly string[]) =>
      api.serve(
        aRequest({
          method,
          path: `${path}${below}`,
          token,
          body: { url: 'https://example.com', ...(below === '/new' && { uid: 'new' }), eventTypes },
        }),
      );
    return { ...api, send };
  }

  it.each([
    ['POST', ''],
    ['PUT', '/new'],
  ] as const)('cannot be hidden from the token that creates it, with %s', async (method, below) => {
    const { send, endpoints } = await withHiddenType();
    for (const token of [without, `${without}:alpha`]) {
      const answer = await send(token, method, below, ['invoice.paid', secret.name]);
      expect(answer.statusCode).toBe(422);
      expect(bodyOf(answer)).toMatchObject(refused);
    }
    expect(endpoints.all()).toEqual([]);
  });

  it.each(['PUT', 'PATCH'] as const)('cannot be hidden from the token that adds them, with %s', async (method) => {
    const { create, send, endpoints } = await withHiddenType();
    const { id } = await create({ eventTypes: ['invoice.paid'] });
    const answer = await send(without, method, `/${id}`, ['invoice.paid', secret.name]);
    expect(answer.statusCode).toBe(422);
    expect(bodyOf(answer)).toMatchObject(refused);
    expect(endpoints.all()).toMatchObject([{ eventTypes: ['invoice.paid'] }]);
  });

  it.each(['PUT', 'PATCH'] as const)('stay when they are hidden, with %s', async (method) => {
    const { create, send } = await withHiddenType();
    const { id } = await create({ eventTypes: [secret.name] });
    const answer = await send(without, method, `/${id}`, [secret.name, 'invoice.paid']);
    expect(answer.statusCode).toBe(200);
  });

  it.each([`${without}:gamma`, 'organisation'])('may have flags for a token that sees them: %s', async (token) => {
    const { create, send, endpoints } = await withHiddenType();
    const { id } = await create({ eventTypes: ['invoice.paid'] });
    for (const method of ['PUT', 'PATCH'] as const)
      expect((await send(token, method, `/${id}`, [secret.name])).statusCode).toBe(200);
    expect((await send(token, 'POST', '', [secret.name])).statusCode).toBe(201);
    expect(endpoints.all().map(({ eventTypes }) => eventTypes)).toEqual([[secret.name], [secret.name]]);
  });
});
