import { createFindOrderGroup, type GroupChange } from '@posthorn/core';
import { aDelivery, aMessage, anApplication, anEventType, ids, nthMessageId, secondsLater } from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';

const path = `/api/v1/app/${ids.application}/destination`;

async function aDestinationsApi() {
  const api = anApi();
  await api.applications.insert(anApplication());
  await api.eventTypes.insert(anEventType());
  const call = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', below: string, body?: unknown) =>
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
      await applications.stopOrdering(anApplication(), secondsLater(0));
      return result;
    };
    await create();
    expect(orderedAt()).toEqual(secondsLater(2));
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
