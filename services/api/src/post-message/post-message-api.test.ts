import { anApplication, ids, nthId, secondsLater, startOfTests } from '@posthorn/testing';
import { aRequest } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';

async function aPostApi() {
  const api = anApi();
  await api.applications.insert(anApplication({ uid: 'toys' }));
  const post = (body: unknown, { search = '', ...rest }: Partial<Parameters<typeof aRequest>[0]> = {}) =>
    api.serve(aRequest({ method: 'POST', path: `/api/v1/app/${ids.application}/msg`, search, body, ...rest }));
  return { ...api, post };
}

const aBody = (overrides: object = {}) => ({ eventType: 'invoice.paid', payload: { a: 1 }, ...overrides });

describe('POST /app/{app}/msg', () => {
  const payload = '{"b":1,"a":12345678901234567890,"é":"\\u00e9 "}';
  const text = `{"eventType":"invoice.paid", "payload" : ${payload} }`;

  it('stores and returns the payload byte for byte', async () => {
    const { post, messages } = await aPostApi();
    const answer = await post(text);
    expect(answer.statusCode).toBe(202);
    expect(messages.all().map(({ body }) => body)).toEqual([payload]);
    expect(answer.body).toContain(`"payload":${payload}}`);
  });

  it('stores it byte for byte if it comes in base64', async () => {
    const { messages, serve } = await aPostApi();
    const request = aRequest({ method: 'POST', path: `/api/v1/app/${ids.application}/msg` });
    await serve({ ...request, body: Buffer.from(text).toString('base64'), isBase64Encoded: true });
    expect(messages.all().map(({ body }) => body)).toEqual([payload]);
  });

  it('accepts member names that other operations refuse', async () => {
    const { post, messages } = await aPostApi();
    const guarded = '{"__proto__":{"a":1},"constructor":{"prototype":1}}';
    await post(`{"eventType":"a","payload":${guarded}}`);
    expect(messages.all().map(({ body }) => body)).toEqual([guarded]);
  });

  it('leaves the payload out of the answer on request', async () => {
    const { post } = await aPostApi();
    const answer = await post(aBody(), { search: 'with_content=false' });
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ eventType: 'invoice.paid', payload: {} });
  });

  it('returns every field of the request', async () => {
    const { post } = await aPostApi();
    const answer = await post(aBody({ eventId: 'order-1', channels: ['a', 'a', 'b'], tags: ['t'], deliverAt: null }));
    expect(JSON.parse(answer.body ?? '')).toEqual({
      id: expect.stringMatching(/^msg_[0-9A-Za-z]{27}$/),
      eventId: 'order-1',
      eventType: 'invoice.paid',
      channels: ['a', 'b'],
      tags: ['t'],
      payload: { a: 1 },
      timestamp: startOfTests.toISOString(),
      deliverAt: null,
    });
  });

  it.each(['2026-01-02T00:00:00Z', '2026-01-01T01:30:00+01:00', '2025-12-31T00:00:00Z'])(
    'keeps the time at which a message is to be delivered: %s',
    async (deliverAt) => {
      const { post, messages } = await aPostApi();
      const answer = await post(aBody({ deliverAt }));
      expect(messages.all()).toMatchObject([{ deliverAt: new Date(deliverAt) }]);
      expect(JSON.parse(answer.body ?? '')).toMatchObject({ deliverAt: new Date(deliverAt).toISOString() });
    },
  );

  it.each([
    [{ payloadRetentionPeriod: 1, payloadRetentionHours: null }, 24],
    [{ payloadRetentionPeriod: 90 }, 90 * 24],
    [{ payloadRetentionHours: 1 }, 1],
    [{}, 90 * 24],
  ])('keeps the message for as long as %j says', async (retention, hours) => {
    const { post, messages } = await aPostApi();
    await post(aBody(retention));
    expect(messages.all()).toMatchObject([{ expiresAt: secondsLater(hours * 3_600) }]);
  });

  it('accepts lists of names without a name where Svix does', async () => {
    const { post } = await aPostApi();
    expect(JSON.parse((await post(aBody({ tags: [] }))).body ?? '')).toMatchObject({ tags: null });
  });

  it('sends a raw payload verbatim, with its own media type', async () => {
    const { post, messages } = await aPostApi();
    const transformationsParams = { rawPayload: '<a/>\n', headers: { 'Content-Type': 'text/xml' } };
    const answer = await post(aBody({ payload: {}, transformationsParams }));
    expect(messages.all()).toMatchObject([{ body: '<a/>\n', contentType: 'text/xml' }]);
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ payload: {} });
  });

  it.each([
    ['a name that is not supported', { rawPayload: '', other: 1 }, [], 'rawPayload and headers'],
    [
      'a header other than content-type',
      { rawPayload: '', headers: { 'x-key': 'a' } },
      ['headers', 'x-key'],
      'only content-type',
    ],
    [
      'a line break in the content type',
      { rawPayload: '', headers: { 'content-type': 'a\r\nb' } },
      ['headers', 'content-type'],
      'visible ASCII',
    ],
    ['a content type of another payload', { headers: { 'content-type': 'a/b' } }, ['headers'], 'with rawPayload only'],
  ])('refuses transformationsParams with %s, and says so', async (_, transformationsParams, place, msg) => {
    const { post, messages } = await aPostApi();
    const answer = await post(aBody({ transformationsParams }));
    expect(answer.statusCode).toBe(422);
    expect(JSON.parse(answer.body ?? '')).toMatchObject({
      detail: [{ loc: ['body', 'transformationsParams', ...place], msg: expect.stringContaining(msg) }],
    });
    expect(messages.all()).toEqual([]);
  });

  it('accepts transformationsParams without anything in them', async () => {
    const { post } = await aPostApi();
    for (const transformationsParams of [{}, { rawPayload: null, headers: null }, { rawPayload: '', headers: {} }])
      expect(await post(aBody({ transformationsParams }))).toMatchObject({ statusCode: 202 });
  });

  it('accepts the payload as data, beside null or the same payload', async () => {
    const { post, messages } = await aPostApi();
    await post('{"eventType":"a","payload":null,"data":{"n":1.0}}');
    await post('{"eventType":"a","payload":{"n":1.0},"data":{"n":1.0}}');
    expect(messages.all().map(({ body }) => body)).toEqual(['{"n":1.0}', '{"n":1.0}']);
  });

  it('does a repeated request once, whatever its body is the second time', async () => {
    const { post, messages } = await aPostApi();
    const headers = { 'Idempotency-Key': 'k' };
    const first = await post(aBody(), { headers });
    expect(await post(aBody({ payload: { a: 2 } }), { headers })).toEqual(first);
    expect(messages.all()).toHaveLength(1);
  });

  it('creates the application in the body if it does not exist', async () => {
    const { post, applications, messages } = await aPostApi();
    const path = '/api/v1/app/books/msg';
    const answer = await post(aBody({ application: { name: 'Books', uid: 'books' } }), { path });
    const created = await applications.find(ids.organisation, 'books');
    expect(answer.statusCode).toBe(202);
    expect(messages.all()).toMatchObject([{ applicationId: created?.applicationId }]);
  });

  describe.each(['books', 'toys'])('with an application in the body, for the application %s', (uid) => {
    const path = `/api/v1/app/${uid}/msg`;

    it.each([
      ['another uid than the path', { name: 'Books', uid: 'other' }, 'uid', 'application_uid_mismatch'],
      ['no uid', { name: 'Books' }, 'uid', 'application_uid_missing'],
      ['no name', { uid }, 'name', 'value_error.jsondecode'],
      ['an impossible rate', { uid, name: 'Books', rateLimit: 0 }, 'rateLimit', 'value_error'],
      ['two rates', { uid, name: 'Books', throttleRate: 4, rateLimit: 5 }, 'rateLimit', 'value_error'],
    ])('refuses %s', async (_, application, field, type) => {
      const { post, messages, applications } = await aPostApi();
      const answer = await post(aBody({ application }), { path });
      expect(answer.statusCode).toBe(422);
      const { detail } = JSON.parse(answer.body ?? '');
      expect(detail).toMatchObject([{ loc: ['body', 'application', field], type }]);
      expect(messages.all()).toEqual([]);
      expect(applications.all()).toHaveLength(1);
    });
  });

  it('says that the uid must match the application in the path', async () => {
    const { post } = await aPostApi();
    const answer = await post(aBody({ application: { name: 'Toys', uid: 'books' } }));
    expect(JSON.parse(answer.body ?? '')).toEqual({
      detail: [
        {
          loc: ['body', 'application', 'uid'],
          msg: 'must match the application in the path',
          type: 'application_uid_mismatch',
        },
      ],
    });
  });

  it('accepts the uid of the application in the body if the path has the id of the same one', async () => {
    const { post, messages, applications } = await aPostApi();
    const answer = await post(aBody({ application: { name: 'Other', uid: 'toys' } }));
    expect(answer.statusCode).toBe(202);
    expect(messages.all()).toMatchObject([{ applicationId: ids.application }]);
    expect(applications.all()).toEqual([anApplication({ uid: 'toys' })]);
  });

  it('creates no application if the path has an id', async () => {
    const { post, applications } = await aPostApi();
    const path = `/api/v1/app/${nthId('application', 9)}/msg`;
    expect(await post(aBody({ application: { name: 'Books', uid: 'books' } }), { path })).toMatchObject({
      statusCode: 404,
    });
    expect(applications.all()).toHaveLength(1);
  });

  it.each([
    ['a text that is not JSON', '{', 422],
    ['no body', undefined, 422],
    ['two payloads', '{"eventType":"a","payload":{"n":1},"data":{"n":1.0}}', 422],
    [
      'a content type in two spellings',
      aBody({ transformationsParams: { rawPayload: '', headers: { 'Content-Type': 'a/b', 'content-type': 'a/c' } } }),
      422,
    ],
    ['a list as payload', aBody({ payload: [1] }), 422],
    ['two times of retention', aBody({ payloadRetentionPeriod: 1, payloadRetentionHours: 24 }), 422],
    ['a retention of no day', aBody({ payloadRetentionPeriod: 0 }), 422],
    ['a time to deliver it at that is no time', aBody({ deliverAt: 'tomorrow' }), 422],
    ['a time more than a day ahead', aBody({ deliverAt: '2026-01-02T00:00:00.001Z' }), 422],
    ['a time more than a day ago', aBody({ deliverAt: '2025-12-30T23:59:59.999Z' }), 422],
    ['more than 1 MiB', aBody({ payload: { a: 'x'.repeat(1_048_576) } }), 413],
  ])('refuses %s', async (_, body, status) => {
    const { post, messages } = await aPostApi();
    expect(await post(body)).toMatchObject({ statusCode: status });
    expect(messages.all()).toEqual([]);
  });

  it.each([
    ['an application that is not there', { path: '/api/v1/app/nobody/msg' }, 404, 'not_found'],
    ["an application's token", { token: ids.application }, 403, 'insufficient access'],
    ['no good token', { token: 'nobody' }, 401, 'authentication_failed'],
    ['a query that cannot be read', { search: 'with_content=maybe' }, 400, 'generic_error'],
  ])('refuses %s', async (_, request, status, code) => {
    const { post } = await aPostApi();
    const answer = await post(aBody(), request);
    expect(answer.statusCode).toBe(status);
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ code });
  });
});
