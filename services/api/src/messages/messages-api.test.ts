import { eventClaimKey } from '@posthorn/intake';
import { aMessage, anApplication, anEndpoint, ids, nthId, secondsLater } from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';

const path = `/api/v1/app/${ids.application}/msg`;

async function withMessages(...messages: ReturnType<typeof aMessage>[]) {
  const api = anApi(secondsLater(60));
  await api.applications.insert(anApplication());
  for (const message of messages) await api.messages.insert(message);
  const get = (below = '', search = '') => api.serve(aRequest({ path: `${path}${below}`, search }));
  const expunge = (name: string, token = 'organisation') =>
    api.serve(aRequest({ method: 'DELETE', path: `${path}/${name}/content`, token }));
  const post = (below: string, body: unknown, parts: Partial<Parameters<typeof aRequest>[0]> = {}) =>
    api.serve(aRequest({ method: 'POST', path: `${path}${below}`, body, ...parts }));
  const idsOf = async (search: string) => bodyOf(await get('', search)).data.map(({ id }: { id: string }) => id);
  return { ...api, get, expunge, post, idsOf };
}

const [first, second, third] = [1, 2, 3].map((n) => nthId('message', n)) as [string, string, string];
const three = [first, second, third].map((messageId) => aMessage({ messageId }));

describe('a message', () => {
  const body = '{"b":1,"a":12345678901234567890,"é":"\\u00e9 "}';

  it('is returned with its payload byte for byte', async () => {
    const { get } = await withMessages(aMessage({ body }));
    expect((await get(`/${ids.message}`)).body).toContain(`"payload":${body}}`);
  });

  it('is returned without its payload on request', async () => {
    const { get } = await withMessages(aMessage({ body }));
    expect(bodyOf(await get(`/${ids.message}`, 'with_content=false'))).toMatchObject({ payload: {} });
  });

  it('is found by its eventId', async () => {
    const { get, claims } = await withMessages(aMessage({ eventId: 'order-1' }));
    const claim = { messageId: ids.message, claimedAt: secondsLater(0), expiresAt: secondsLater(3600) };
    await claims.claim({ key: eventClaimKey(ids.application, 'order-1'), ...claim });
    expect(bodyOf(await get('/order-1'))).toMatchObject({ id: ids.message, eventId: 'order-1' });
  });

  it.each(['order-2', nthId('message', 9)])('is not found as %s', async (name) => {
    const { get } = await withMessages(aMessage());
    expect(await get(`/${name}`)).toMatchObject({ statusCode: 404 });
  });

  it('is not found if it has expired', async () => {
    const { get } = await withMessages(aMessage({ expiresAt: secondsLater(59) }));
    expect(await get(`/${ids.message}`)).toMatchObject({ statusCode: 404 });
  });
});

describe('messages', () => {
  it('are listed newest first, page by page, forward and back', async () => {
    const { get } = await withMessages(...three);
    const page = bodyOf(await get('', 'limit=2'));
    expect(page).toMatchObject({ data: [{ id: third }, { id: second }], iterator: second, done: false });
    const next = bodyOf(await get('', `limit=2&iterator=${page.iterator}`));
    expect(next).toMatchObject({ data: [{ id: first }], done: true });
    const back = bodyOf(await get('', `limit=2&iterator=${next.prevIterator}`));
    expect(back).toMatchObject({ data: [{ id: third }, { id: second }] });
  });

  it('start with the page closest to `after`', async () => {
    const { get } = await withMessages(...three);
    const after = encodeURIComponent(secondsLater(1).toISOString());
    expect(bodyOf(await get('', `limit=2&after=${after}`))).toMatchObject({ data: [{ id: second }, { id: first }] });
  });

  it.each([
    ['before=2026-01-01T00:00:02Z', [first]],
    ['after=2026-01-01T00:00:02Z&before=2026-01-01T00:00:03Z', [second]],
    ['channel=red', [second]],
    ['tag=urgent', [third]],
    ['event_types=a,b', [second]],
    ['limit=1', [third]],
  ])('are filtered by %s', async (search, expected) => {
    const { idsOf } = await withMessages(
      aMessage({ messageId: first }),
      aMessage({ messageId: second, channels: ['red'], eventType: 'a' }),
      aMessage({ messageId: third, tags: ['urgent'] }),
    );
    expect(await idsOf(search)).toEqual(expected);
  });

  it('have their payload byte for byte in the list', async () => {
    const body = '{"n":12345678901234567890}';
    const { get } = await withMessages(aMessage({ body }));
    expect((await get()).body).toContain(`"payload":${body}}`);
    expect((await get('', 'with_content=false')).body).toContain('"payload":{}}');
  });
});

/** The message `ids.message` with the eventId `order-1`. */
async function withEventId() {
  const api = await withMessages(aMessage({ eventId: 'order-1', tags: ['blue'] }));
  const claim = { messageId: ids.message, claimedAt: secondsLater(0), expiresAt: secondsLater(3_600) };
  await api.claims.claim({ key: eventClaimKey(ids.application, 'order-1'), ...claim });
  return api;
}

describe('expunging the content of a message', () => {
  it.each([ids.message, 'order-1'])('removes the payload, and keeps the rest: %s', async (name) => {
    const { get, expunge } = await withEventId();
    const before = bodyOf(await get(`/${ids.message}`));
    for (let times = 0; times < 2; times += 1) expect(await expunge(name)).toMatchObject({ statusCode: 204 });
    expect(before).toMatchObject({ payload: { invoice: 42 } });
    const expunged = { ...before, payload: { expired: true } };
    expect(bodyOf(await get(`/${ids.message}`))).toEqual(expunged);
    expect(bodyOf(await get('', 'tag=blue')).data).toEqual([expunged]);
    expect(bodyOf(await get('', 'with_content=false')).data).toEqual([{ ...before, payload: {} }]);
  });

  it('keeps the eventId taken', async () => {
    const { expunge, post } = await withEventId();
    await expunge('order-1');
    expect(await post('', { eventType: 'a', payload: {}, eventId: 'order-1' })).toMatchObject({ statusCode: 409 });
  });

  it('shows a repeated request its message without the payload', async () => {
    const { expunge, post, messages } = await withMessages();
    const send = () => post('', { eventType: 'a', payload: { a: 1 } }, { headers: { 'idempotency-key': 'k' } });
    const sent = bodyOf(await send());
    expect(sent).toMatchObject({ payload: { a: 1 } });
    await expunge(sent.id);
    expect(bodyOf(await send())).toEqual({ ...sent, payload: { expired: true } });
    expect(messages.all()).toHaveLength(1);
  });

  it.each(['order-2', nthId('message', 9), 'msg_9'])('finds no message %s', async (name) => {
    const { expunge } = await withEventId();
    expect(await expunge(name)).toMatchObject({ statusCode: 404 });
  });

  it('finds no message that has expired, and none of another application', async () => {
    const { applications, expunge, messages } = await withMessages(
      aMessage({ messageId: first, expiresAt: secondsLater(59) }),
      aMessage({ messageId: second, applicationId: nthId('application', 1) }),
    );
    await applications.insert(anApplication({ applicationId: nthId('application', 1) }));
    for (const name of [first, second]) expect(await expunge(name)).toMatchObject({ statusCode: 404 });
    expect(messages.all().map(({ body }) => body)).not.toContain('');
  });

  it("is not for an application's token", async () => {
    const { expunge, post, messages } = await withEventId();
    const token = ids.application;
    expect(await expunge(ids.message, token)).toMatchObject({ statusCode: 403 });
    expect(await post('/bulk-expunge', { ids: [ids.message] }, { token })).toMatchObject({ statusCode: 403 });
    expect(messages.all().map(({ body }) => body)).not.toContain('');
  });
});

describe('expunging the contents of several messages', () => {
  it('has a result for each name that was given', async () => {
    const { post, get } = await withMessages(...three, aMessage({ eventId: 'order-1' }));
    const names = [first, third, first, 'order-2', nthId('message', 9), '__proto__'];
    const answer = await post('/bulk-expunge', { ids: names });
    expect(answer.statusCode).toBe(200);
    const missing = ['order-2', nthId('message', 9), '__proto__'].map((name) => [name, 'not-found']);
    const expected = [[first, 'expunged'], [third, 'expunged'], ...missing];
    expect(Object.entries(bodyOf(answer).results).toSorted()).toEqual(expected.toSorted());
    const payloads = bodyOf(await get()).data.map(({ id, payload }: { id: string; payload: object }) => [id, payload]);
    expect(new Map(payloads)).toEqual(
      new Map<string, object>([
        [ids.message, { invoice: 42 }],
        [first, { expired: true }],
        [second, { invoice: 42 }],
        [third, { expired: true }],
      ]),
    );
  });

  it('does as many as are allowed', async () => {
    const many = Array.from({ length: 500 }, (_, n) => aMessage({ messageId: nthId('message', n) }));
    const { post, messages } = await withMessages(...many);
    const names = many.map(({ messageId }) => messageId);
    const { results } = bodyOf(await post('/bulk-expunge', { ids: names }));
    expect(new Set(Object.values(results))).toEqual(new Set(['expunged']));
    expect(Object.keys(results)).toHaveLength(500);
    expect(new Set(messages.all().map(({ body }) => body))).toEqual(new Set(['']));
  });

  it.each([{}, { ids: null }, { ids: [] }])('does nothing with %j', async (body) => {
    const { post } = await withEventId();
    expect(bodyOf(await post('/bulk-expunge', body))).toEqual({ results: {} });
  });

  it.each([
    ['a name that no message can have', { ids: ['order 1'] }],
    ['an empty name', { ids: [''] }],
    ['more than 500 names', { ids: Array.from({ length: 501 }, (_, n) => `order-${n}`) }],
    ['no list', { ids: 'order-1' }],
  ])('refuses %s', async (_, body) => {
    const { post } = await withEventId();
    expect(await post('/bulk-expunge', body)).toMatchObject({ statusCode: 422 });
  });
});

describe('a precheck', () => {
  it.each([
    ['no endpoint', undefined, false],
    ['an endpoint that wants it', { eventTypes: ['a', 'b'], channels: ['eu'] }, true],
    ['an endpoint that wants all', {}, true],
    ['a destination', { order: { onExhausted: 'block' } }, true],
    ['an endpoint that is disabled', { disabled: true }, false],
    ['an endpoint that wants other types', { eventTypes: ['b'] }, false],
    ['an endpoint that wants other channels', { channels: ['us'] }, false],
  ] as const)('says whether a message would be sent: %s', async (_, endpoint, active) => {
    const { endpoints, post } = await withMessages();
    if (endpoint) await endpoints.insert(anEndpoint(endpoint));
    const answer = await post('/precheck/active', { eventType: 'a', channels: ['eu', 'asia'] });
    expect([answer.statusCode, bodyOf(answer)]).toEqual([200, { active }]);
  });

  it.each([
    ['no event type', {}, {}, 422],
    ['no channel in its list', { eventType: 'a', channels: [] }, {}, 422],
    ["an application's token", { eventType: 'a' }, { token: ids.application }, 403],
    ['an application that is not there', { eventType: 'a' }, { path: '/api/v1/app/none/msg/precheck/active' }, 404],
  ])('refuses %s', async (_, body, parts, status) => {
    const { post } = await withMessages();
    expect(await post('/precheck/active', body, parts)).toMatchObject({ statusCode: status });
  });
});
