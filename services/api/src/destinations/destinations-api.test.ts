import { createFindOrderGroup, type GroupChange } from '@posthorn/core';
import {
  aDelivery,
  aMessage,
  anApplication,
  anEndpoint,
  anEventType,
  ids,
  nthId,
  nthMessageId,
  secondsLater,
} from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';
import { failOnce } from '../fixtures/fail-once.ts';

const path = `/api/v1/app/${ids.application}/destination`;

async function aDestinationsApi() {
  const api = anApi();
  await api.applications.insert(anApplication());
  await api.eventTypes.insert(anEventType());
  const call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', below: string, body?: unknown) =>
    api.serve(aRequest({ method, path: `${path}${below}`, body }));
  const create = async (body: object = {}) => {
    const answer = await call('POST', '', { type: 'fifoEndpoint', config: { url: 'https://example.com' }, ...body });
    return { answer, id: String(bodyOf(answer).id) };
  };
  const orderedAt = () => api.applications.all()[0]?.orderedAt;
  return { ...api, call, create, orderedAt };
}

describe('destinations', () => {
  it('are created as endpoints in FIFO mode', async () => {
    const { create, endpoints } = await aDestinationsApi();
    const headers = { 'X-Team': 'a', Authorization: 'Bearer s' };
    const { answer } = await create({
      config: { url: 'https://Example.com', headers, key: null },
      uid: 'one',
      eventTypes: [],
      metadata: { orderBy: '$.order.id', onExhausted: 'skip' },
    });
    expect(answer.statusCode).toBe(201);
    expect(bodyOf(answer)).toEqual({
      id: expect.stringMatching(/^ep_[0-9A-Za-z]{27}$/),
      uid: 'one',
      type: 'fifoEndpoint',
      config: { url: 'https://example.com/', headers: { headers: { 'X-Team': 'a' }, sensitive: ['Authorization'] } },
      status: 'enabled',
      currentIterator: '',
      failureReason: null,
      nextRetryAt: null,
      batchSize: 1,
      maxWaitSecs: 0,
      metadata: { orderBy: '$.order.id', onExhausted: 'skip' },
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
    });
    expect(endpoints.all()).toMatchObject([{ order: { by: '$.order.id', onExhausted: 'skip' }, disabled: false }]);
  });

  it.each([
    { type: 'sqs' },
    { batchSize: 10 },
    { maxWaitSecs: 5 },
    { metadata: { orderBy: 'order.id' } },
    { metadata: { orderBy: 'orderingkey' } },
    { metadata: { onExhausted: 'shrug' } },
    { config: { url: 'http://example.com' } },
    { config: { url: 'https://example.com', headers: { 'X-Key': 'one', 'x-key': 'two' } } },
    { config: { url: 'https://example.com', key: 'secret' } },
    { eventTypes: ['invoice.none'] },
    { status: 'paused' },
  ])('are refused with %j', async (body) => {
    const { create, endpoints, orderedAt } = await aDestinationsApi();
    expect((await create(body)).answer.statusCode).toBe(422);
    expect(endpoints.all()).toEqual([]);
    expect(orderedAt()).toBeUndefined();
  });

  it('are listed and found, and endpoints are not', async () => {
    const { create, call, serve } = await aDestinationsApi();
    const { id } = await create({ status: 'disabled' });
    const endpoint = `/api/v1/app/${ids.application}/endpoint`;
    const plain = await serve(aRequest({ method: 'POST', path: endpoint, body: { url: 'https://example.com' } }));
    expect(bodyOf(await call('GET', ''))).toMatchObject({ data: [{ id, status: 'disabled' }], done: true });
    expect(await call('GET', `/${id}`)).toMatchObject({ statusCode: 200 });
    expect(await call('GET', `/${bodyOf(plain).id}`)).toMatchObject({ statusCode: 404 });
  });
});

describe('the limit of endpoints of an application', () => {
  it('counts destinations too, and a refused one does not begin an order', async () => {
    const { create, endpoints, orderedAt } = await aDestinationsApi();
    for (let n = 0; n < 500; n += 1) await endpoints.insert(anEndpoint({ endpointId: nthId('endpoint', n) }));
    const { answer } = await create();
    expect(answer.statusCode).toBe(400);
    expect(bodyOf(answer)).toMatchObject({ code: 'limit_reached', detail: expect.stringContaining('at most 500') });
    expect(endpoints.all()).toHaveLength(500);
    expect(orderedAt()).toBeUndefined();
  });
});

describe('a PUT of a destination', () => {
  const url = 'https://example.com/new';
  const body = { type: 'fifoEndpoint', config: { url } };
  const secretOf = (byte: number): string => `whsec_${Buffer.alloc(24, byte).toString('base64')}`;

  it('replaces all of it but its secret', async () => {
    const { create, call, endpoints } = await aDestinationsApi();
    const { id } = await create({
      uid: 'one',
      config: { url: 'https://example.com', headers: { 'X-A': '1' }, key: secretOf(1) },
      eventTypes: ['invoice.paid'],
      channels: ['c'],
      metadata: { orderBy: '$.id', onExhausted: 'skip' },
      status: 'disabled',
    });
    const before = endpoints.all()[0]?.secrets;
    const answer = await call('PUT', '/one', body);
    expect(answer.statusCode).toBe(200);
    expect(bodyOf(answer)).toMatchObject({ id, uid: null, status: 'enabled', metadata: {} });
    expect(bodyOf(answer).config).toEqual({ url, headers: { headers: {}, sensitive: [] } });
    for (const field of ['eventTypes', 'channels']) expect(bodyOf(answer)).not.toHaveProperty(field);
    expect(bodyOf(await call('GET', `/${id}`))).toEqual(bodyOf(answer));
    expect(endpoints.all()).toMatchObject([{ order: { onExhausted: 'block' } }]);
    expect(endpoints.all()[0]?.secrets).toEqual(before);
  });

  it('gives it every field', async () => {
    const { create, call, endpoints, seal } = await aDestinationsApi();
    const { id } = await create({ config: { url: 'https://example.com', key: secretOf(1) } });
    const all = {
      type: 'fifoEndpoint',
      config: { url, headers: { 'X-B': '2', Authorization: 'Bearer s' }, key: secretOf(2) },
      uid: 'two',
      status: 'disabled',
      batchSize: 1,
      maxWaitSecs: 0,
      eventTypes: ['invoice.paid'],
      channels: ['c', 'd'],
      metadata: { orderBy: '$.order', team: 'a' },
    };
    const answer = await call('PUT', `/${id}`, all);
    const { key: _, ...config } = all.config;
    expect(bodyOf(answer)).toMatchObject({
      ...all,
      config: { ...config, headers: { headers: { 'X-B': '2' }, sensitive: ['Authorization'] } },
    });
    const [stored] = endpoints.all();
    expect(stored?.order).toEqual({ by: '$.order', onExhausted: 'block' });
    const context = { organisationId: ids.organisation, endpointId: id };
    const secrets = (stored?.secrets ?? []).map(async ({ sealedKey, expiresAt }) => [
      await seal.open(sealedKey, context),
      expiresAt,
    ]);
    // The creation of the first destination took two seconds.
    expect(await Promise.all(secrets)).toEqual([
      [secretOf(2), undefined],
      [secretOf(1), secondsLater(2 + 86_400)],
    ]);
    expect((await call('PUT', '/two', { ...all, config: { ...all.config, key: secretOf(2) } })).statusCode).toBe(200);
    expect(endpoints.all()[0]?.secrets).toEqual(stored?.secrets);
  });

  it('creates it if it does not exist, with the uid of the body', async () => {
    const { call, orderedAt } = await aDestinationsApi();
    const answer = await call('PUT', '/any', { ...body, uid: 'one' });
    expect(answer.statusCode).toBe(201);
    expect(await call('GET', '/one')).toMatchObject({ statusCode: 200 });
    expect(await call('GET', '/any')).toMatchObject({ statusCode: 404 });
    expect(orderedAt()).toBeDefined();
  });

  it('creates one destination if 20 with the same uid come at once', async () => {
    const { call, endpoints } = await aDestinationsApi();
    const puts = Array.from({ length: 20 }, () => call('PUT', '/one', { ...body, uid: 'one' }));
    const statuses = (await Promise.all(puts)).map(({ statusCode }) => statusCode);
    expect(statuses.toSorted()).toEqual([...Array(19).fill(200), 201]);
    expect(endpoints.all()).toHaveLength(1);
  });

  it.each([
    { type: 'sqs' },
    { batchSize: 10 },
    { maxWaitSecs: 5 },
    { config: { url: 'http://example.com' } },
    { config: { url, headers: { 'content-length': '1' } } },
    { config: { url, key: 'secret' } },
    { eventTypes: ['invoice.none'] },
    { metadata: { orderBy: 'order.id' } },
    { status: 'paused' },
  ])('is refused with %j, and changes nothing', async (change) => {
    const { create, call, endpoints } = await aDestinationsApi();
    const { id } = await create();
    const [before] = endpoints.all();
    expect(await call('PUT', `/${id}`, { ...body, ...change })).toMatchObject({ statusCode: 422 });
    expect(endpoints.all()).toEqual([before]);
  });

  it('is refused if it names an endpoint, or takes the uid of one', async () => {
    const { create, call, serve } = await aDestinationsApi();
    const endpoint = `/api/v1/app/${ids.application}/endpoint`;
    await serve(aRequest({ method: 'POST', path: endpoint, body: { url, uid: 'plain' } }));
    const { id } = await create();
    expect(await call('PUT', '/plain', body)).toMatchObject({ statusCode: 404 });
    expect(await call('PUT', `/${id}`, { ...body, uid: 'plain' })).toMatchObject({ statusCode: 409 });
    expect(await call('PUT', '/none', { ...body, uid: 'plain' })).toMatchObject({ statusCode: 409 });
  });
});

describe('a PATCH of a destination', () => {
  const whole = {
    config: { url: 'https://example.com/', headers: { 'X-A': '1' } },
    uid: 'one',
    eventTypes: ['invoice.paid'],
    channels: ['c'],
    metadata: { orderBy: '$.id', onExhausted: 'skip' },
  };

  it.each([
    [{}, {}],
    [{ type: 'fifoEndpoint', config: {} }, {}],
    [{ type: null, config: null, status: null, batchSize: null, maxWaitSecs: null }, {}],
    [{ config: { url: null } }, {}],
    [
      { config: { url: 'https://Example.com/b' } },
      { config: { url: 'https://example.com/b', headers: { headers: { 'X-A': '1' }, sensitive: [] } } },
    ],
    [{ status: 'disabled' }, { status: 'disabled' }],
    [{ uid: 'two' }, { uid: 'two' }],
    [{ uid: null }, { uid: null }],
    [{ eventTypes: [] }, { eventTypes: undefined }],
    [{ channels: null }, { channels: undefined }],
    [{ channels: ['d', 'd'] }, { channels: ['d'] }],
    [{ metadata: { team: 'a' } }, { metadata: { team: 'a' } }],
    [{ batchSize: 1, maxWaitSecs: 0 }, {}],
  ])('with %j changes what it names, and keeps the rest', async (patch, expected) => {
    const { create, call, endpoints } = await aDestinationsApi();
    const { id } = await create(whole);
    const secrets = endpoints.all()[0]?.secrets;
    const before = bodyOf(await call('GET', `/${id}`));
    const answer = await call('PATCH', '/one', patch);
    expect(answer.statusCode).toBe(200);
    expect(bodyOf(answer)).toEqual({ ...before, ...expected, updatedAt: secondsLater(2).toISOString() });
    expect(bodyOf(await call('GET', `/${id}`))).toEqual(bodyOf(answer));
    expect(endpoints.all()[0]?.secrets).toEqual(secrets);
  });

  it('changes the order with the metadata, and with nothing else', async () => {
    const { create, call, endpoints } = await aDestinationsApi();
    const { id } = await create(whole);
    const order = () => endpoints.all()[0]?.order;
    await call('PATCH', `/${id}`, { status: 'disabled' });
    expect(order()).toEqual({ by: '$.id', onExhausted: 'skip' });
    await call('PATCH', `/${id}`, { metadata: { orderBy: 'orderingKey' } });
    expect(order()).toEqual({ by: 'orderingKey', onExhausted: 'block' });
    await call('PATCH', `/${id}`, { metadata: {} });
    expect(order()).toEqual({ onExhausted: 'block' });
  });

  it('keeps all of 25 at once', async () => {
    const { create, call } = await aDestinationsApi();
    const { id } = await create();
    const patches = [{ status: 'disabled' }, { channels: ['c'] }, { metadata: { a: 'b' } }, { uid: 'one' }, {}];
    const answers = await Promise.all(
      Array.from({ length: 25 }, (_, n) => call('PATCH', `/${id}`, patches[n % patches.length])),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(25).fill(200));
    expect(bodyOf(await call('GET', `/${id}`))).toMatchObject(Object.assign({}, ...patches));
  });

  it.each([
    { config: { url: 'https://example.com', headers: { 'X-A': '1' } } },
    { config: { key: 'whsec_' } },
    { type: 'sqs' },
    { batchSize: 10 },
    { maxWaitSecs: 5 },
    { eventTypes: ['invoice.none'] },
    { metadata: { orderBy: 'order.id' } },
    { metadata: null },
    { colour: 'red' },
  ])('is refused with %j, and changes nothing', async (patch) => {
    const { create, call, endpoints } = await aDestinationsApi();
    const { id } = await create();
    const [before] = endpoints.all();
    const answer = await call('PATCH', `/${id}`, patch);
    expect(answer.statusCode).toBe(422);
    expect(bodyOf(answer).detail[0].msg).toEqual(expect.stringMatching(/\w{3}/));
    expect(endpoints.all()).toEqual([before]);
  });

  it('with headers or a key says where to change them', async () => {
    const { create, call } = await aDestinationsApi();
    const { id } = await create();
    const answer = await call('PATCH', `/${id}`, { config: { key: 'whsec_a' } });
    expect(bodyOf(answer)).toMatchObject({
      detail: [{ loc: ['body', 'config'], msg: expect.stringContaining('PUT') }],
    });
  });
});

describe('the order of an application', () => {
  it('begins with its first destination, which is stored when the lease is over', async () => {
    const { create, orderedAt, clock, endpoints, applications } = await aDestinationsApi();
    const { insert } = endpoints;
    let insertedAt: Date | undefined;
    endpoints.insert = async (endpoint) => {
      insertedAt = clock();
      return insert(endpoint);
    };
    await create();
    expect(orderedAt()).toEqual(secondsLater(0));
    expect(insertedAt).toEqual(secondsLater(2));
    expect(applications.all()).toHaveLength(1);
  });

  it('exists for the second one, which is stored at once', async () => {
    const { create, clock } = await aDestinationsApi();
    await create();
    await create();
    expect(clock()).toEqual(secondsLater(2));
  });

  it('begins again if it was stopped in between', async () => {
    const { create, orderedAt, clock, endpoints, applications } = await aDestinationsApi();
    const { insert } = endpoints;
    endpoints.insert = async (endpoint) => {
      const result = await insert(endpoint);
      await applications.stopOrdering(anApplication({ orderStarts: 1 }));
      return result;
    };
    await create();
    expect(orderedAt()).toEqual(secondsLater(2));
    expect(clock()).toEqual(secondsLater(4));
  });

  it('is not stopped by a deletion that has not seen the new destination', async () => {
    const { create, orderedAt, applications } = await aDestinationsApi();
    const { startOrdering } = applications;
    let before = anApplication();
    applications.startOrdering = async (...of) => {
      const started = await startOrdering(...of);
      // The deletion reads the application while the destination is being created.
      if (started.orderStarts === 1) before = anApplication({ orderStarts: 1 });
      return started;
    };
    await create();
    await applications.stopOrdering(before);
    expect(orderedAt()).toEqual(secondsLater(0));
  });

  it('makes a second destination wait too, while the first one begins it', async () => {
    const { create, applications, clock, endpoints } = await aDestinationsApi();
    // The first one is being created, and waits.
    await applications.startOrdering(anApplication(), secondsLater(-1));
    const { insert } = endpoints;
    let insertedAt: Date | undefined;
    endpoints.insert = async (endpoint) => {
      insertedAt = clock();
      return insert(endpoint);
    };
    await create();
    expect(insertedAt).toEqual(secondsLater(2));
  });

  it('makes a destination wait that is created again after its process died', async () => {
    const { create, applications, clock } = await aDestinationsApi();
    const { settleOrdering } = applications;
    applications.settleOrdering = async () => {
      throw new Error('died');
    };
    expect((await create()).answer.statusCode).toBe(500);
    applications.settleOrdering = settleOrdering;
    expect((await create()).answer.statusCode).toBe(201);
    expect(clock()).toEqual(secondsLater(4));
  });

  it('ends with its last destination', async () => {
    const { create, call, orderedAt } = await aDestinationsApi();
    const [first, second] = [await create(), await create()];
    await call('DELETE', `/${first.id}`);
    expect(orderedAt()).toBeDefined();
    expect(await call('DELETE', `/${second.id}`)).toMatchObject({ statusCode: 204 });
    expect(orderedAt()).toBeUndefined();
  });

  it('ends if the first destination could not be created', async () => {
    const { create, orderedAt, serve } = await aDestinationsApi();
    const endpoint = `/api/v1/app/${ids.application}/endpoint`;
    const body = { url: 'https://example.com', uid: 'taken' };
    await serve(aRequest({ method: 'POST', path: endpoint, body }));
    expect((await create({ uid: 'taken' })).answer.statusCode).toBe(409);
    expect(orderedAt()).toBeUndefined();
  });
});

describe('the groups of a destination', () => {
  const place = '1'.padStart(20, '0');
  /** A destination with its messages in groups by order, each blocked or waiting. */
  async function withGroups() {
    const api = await aDestinationsApi();
    const { id } = await api.create({ metadata: { orderBy: '$.order' } });
    const owner = { organisationId: ids.organisation, applicationId: ids.application, endpointId: id };
    const open = async (n: number, given: Pick<GroupChange, 'state' | 'reason'>, seconds: number) => {
      const message = aMessage({ messageId: nthMessageId(n, 'ordered'), body: `{"order":${n}}` });
      await api.messages.insert(message);
      const group = createFindOrderGroup(message.body)({ endpointId: id, by: '$.order' });
      const waits = given.state === 'waiting' ? { notBefore: secondsLater(seconds) } : {};
      const to = { ...given, ...waits, epoch: n, head: message.messageId, place, attempt: 3 };
      const delivery = aDelivery({ messageId: message.messageId, endpointId: id });
      await api.groups.open({ owner: { ...owner, group }, to, delivery, now: secondsLater(seconds) });
      return { ...owner, group, head: message.messageId, attempt: 3 };
    };
    const get = async () => bodyOf(await api.call('GET', `/${id}`));
    return { ...api, id, open, get };
  }
  const blocked = { state: 'blocked', reason: 'exhausted' } as const;
  const waiting = { state: 'waiting', reason: 'retry' } as const;

  it('say whether it is enabled, retrying, paused or disabled', async () => {
    const { id, open, get, call } = await withGroups();
    expect(await get()).toMatchObject({ status: 'enabled', failureReason: null, nextRetryAt: null });
    await open(1, { state: 'waiting', reason: 'throttled' }, 5);
    expect(await get()).toMatchObject({ status: 'enabled', nextRetryAt: null });
    await open(2, waiting, 90);
    await open(3, waiting, 60);
    expect(await get()).toMatchObject({ status: 'retrying', nextRetryAt: secondsLater(60).toISOString() });
    const { head } = await open(4, blocked, 2);
    await open(5, blocked, 3);
    const paused = { status: 'paused', failureReason: `${head}: all retries failed` };
    expect(await get()).toMatchObject(paused);
    expect(bodyOf(await call('GET', ''))).toMatchObject({ data: [paused] });
    expect(bodyOf(await call('PATCH', `/${id}`, { status: 'disabled' }))).toMatchObject({ status: 'disabled' });
    expect(await get()).toMatchObject({ status: 'disabled', failureReason: null });
    expect(bodyOf(await call('PATCH', `/${id}`, { status: 'enabled' }))).toMatchObject({ status: 'paused' });
  });

  it.each([
    ['skip', 'skip'],
    ['retry', 'attempt'],
  ] as const)(
    'are told to %s the head that has blocked for the longest time, or the one that is named',
    async (below, action) => {
      const { id, open, call, messages } = await withGroups();
      const [, oldest, other] = [await open(1, blocked, 9), await open(2, blocked, 3), await open(3, waiting, 60)];
      expect(await call('POST', `/${id}/${below}`, {})).toMatchObject({ statusCode: 202 });
      expect(await call('POST', `/${id}/${below}`, { msgId: other.head })).toMatchObject({ statusCode: 202 });
      expect(messages.commands()).toEqual([
        { ...oldest, action, requestedAt: expect.any(Date) },
        { ...other, action, requestedAt: expect.any(Date) },
      ]);
    },
  );

  it('do not skip a second message for a request that is repeated after its answer was lost', async () => {
    const { id, open, serve, messages, claims, groups } = await withGroups();
    const [oldest, other] = [await open(1, blocked, 3), await open(2, blocked, 9)];
    const headers = { 'idempotency-key': 'k' };
    const path = `/api/v1/app/${ids.application}/destination/${id}/skip`;
    const skip = (body: object) => serve(aRequest({ method: 'POST', path, body, headers }));
    failOnce(claims, 'finish');
    expect(await skip({})).toMatchObject({ statusCode: 503 });
    // The group goes on.
    expect(await groups.delete(oldest, { epoch: 1, parks: 1 })).toBe('done');
    expect(await skip({})).toMatchObject({ statusCode: 409 });
    expect(messages.commands()).toMatchObject([{ head: oldest.head }]);
    expect(await skip({ msgId: other.head })).toMatchObject({ statusCode: 202 });
  });

  it('refuse a command that has no head, or comes while the destination is disabled', async () => {
    const { id, open, call, messages } = await withGroups();
    expect(await call('POST', `/${id}/skip`, {})).toMatchObject({ statusCode: 409 });
    await open(1, blocked, 1);
    expect(await call('POST', `/${id}/skip`, { msgId: ids.message })).toMatchObject({ statusCode: 409 });
    await call('PATCH', `/${id}`, { status: 'disabled' });
    expect(await call('POST', `/${id}/retry`, {})).toMatchObject({ statusCode: 409 });
    expect(messages.commands()).toEqual([]);
  });

  describe('of which there are 3,000', () => {
    /** Groups that wait, and behind all of them by name one that retries, and one whose head is no longer stored. */
    async function withThousands() {
      const api = await withGroups();
      const { id } = api;
      const owner = { organisationId: ids.organisation, applicationId: ids.application, endpointId: id };
      const open = (n: number, group: string, given: Pick<GroupChange, 'state' | 'reason'>, seconds: number) => {
        const waits = given.state === 'waiting' ? { notBefore: secondsLater(seconds) } : {};
        const head = nthMessageId(n, 'ordered');
        const to = { ...given, ...waits, epoch: n, head, place, attempt: 3 };
        const delivery = aDelivery({ messageId: head, endpointId: id });
        return api.groups.open({ owner: { ...owner, group }, to, delivery, now: secondsLater(seconds) });
      };
      for (let n = 1; n <= 3_000; n += 1) {
        await open(n, `${id}_${String(n).padStart(4, '0')}`, { state: 'waiting', reason: 'throttled' }, 10);
      }
      const last = (n: number) => ({ ...owner, group: `${id}_z${n}`, head: nthMessageId(n, 'ordered'), attempt: 3 });
      return { ...api, open, last };
    }

    it('are told apart by state, and obey, wherever the one group is that blocks or retries', async () => {
      const { id, open, last, get, call, messages, groups } = await withThousands();
      expect(await get()).toMatchObject({ status: 'enabled', failureReason: null, nextRetryAt: null });
      await open(4_000, last(4_000).group, waiting, 60);
      expect(await get()).toMatchObject({ status: 'retrying', nextRetryAt: secondsLater(60).toISOString() });
      await open(4_002, last(4_002).group, { state: 'blocked', reason: 'message-expired' }, 4);
      await open(4_001, last(4_001).group, blocked, 5);
      expect(await get()).toMatchObject({
        status: 'paused',
        failureReason: `${last(4_002).head}: the message has expired or was expunged`,
        nextRetryAt: secondsLater(60).toISOString(),
      });
      expect(await call('POST', `/${id}/skip`, {})).toMatchObject({ statusCode: 202 });
      expect(await call('POST', `/${id}/skip`, { msgId: last(4_001).head })).toMatchObject({ statusCode: 202 });
      // The row of its message cannot be read, so it is not found by that.
      await groups.deleteParked(last(4_002), place);
      expect(await call('POST', `/${id}/retry`, { msgId: last(4_002).head })).toMatchObject({ statusCode: 202 });
      const skipped = { action: 'skip', requestedAt: expect.any(Date) };
      expect(messages.commands()).toEqual([
        { ...last(4_002), ...skipped },
        { ...last(4_001), ...skipped },
        { ...last(4_002), ...skipped, action: 'attempt' },
      ]);
    });
  });

  it.each([{ url: 'https://example.com/other' }, { status: 'paused' }, { batchSize: 5 }])(
    'are of a destination that cannot be changed by %j',
    async (body) => {
      const { id, call, endpoints } = await withGroups();
      expect(await call('PATCH', `/${id}`, body)).toMatchObject({ statusCode: 422 });
      expect(endpoints.all()).toMatchObject([{ disabled: false, revision: 1 }]);
    },
  );
});

describe('the event types of a destination', () => {
  const secret = { name: 'invoice.secret', featureFlags: ['beta', 'gamma'] };
  const without = ids.application;
  const refused = {
    detail: [{ loc: ['body', 'eventTypes'], msg: expect.stringMatching(/don't exist: invoice\.secret$/) }],
  };
  async function withHiddenType() {
    const api = await aDestinationsApi();
    await api.eventTypes.insert(anEventType(secret));
    const send = (token: string, method: 'POST' | 'PUT' | 'PATCH', below: string, eventTypes: readonly string[]) =>
      api.serve(
        aRequest({
          method,
          path: `${path}${below}`,
          token,
          body: {
            type: 'fifoEndpoint',
            config: { url: 'https://example.com' },
            ...(below === '/new' && { uid: 'new' }),
            eventTypes,
          },
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
