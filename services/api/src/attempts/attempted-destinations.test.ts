import { type Attempt, attemptIdOf, type DeliveryStatus, type Endpoint, firstDeliveryOf } from '@posthorn/core';
import {
  aMessage,
  anApplication,
  anAttempt,
  anEndpoint,
  aStoredDelivery,
  ids,
  nthId,
  secondsLater,
} from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';

const path = `/api/v1/app/${ids.application}/msg/${ids.message}/endpoint`;
const endpointId = (n: number) => nthId('endpoint', n);
const failed = { status: 'failed', responseStatusCode: 503 } as const;

async function aMessageWorld(message = aMessage(), now = secondsLater(2_000)) {
  const api = anApi(now);
  await api.applications.insert(anApplication());
  await api.messages.insert(message);
  const get = async (search = '') => bodyOf(await api.serve(aRequest({ path, search })));
  const numbersOf = async (search = '') => numbers((await get(search)).data);
  const create = (n: number, overrides: Partial<Endpoint> = {}) =>
    api.endpoints.insert(anEndpoint({ endpointId: endpointId(n), ...overrides }));
  const attempt = (n: number, overrides: Partial<Attempt> = {}) => {
    const attemptId = attemptIdOf(firstDeliveryOf(message, endpointId(n)));
    return api.attempts.record(anAttempt({ endpointId: endpointId(n), attemptId, ...overrides }));
  };
  const store = (n: number, status: DeliveryStatus, attemptNumber = 1) => {
    const of = { endpointId: endpointId(n), attemptNumber, scheduledAt: secondsLater(3_000) };
    return api.deliveries.put(aStoredDelivery(status, of));
  };
  return { ...api, get, numbersOf, create, attempt, store };
}

const all = Array.from({ length: 60 }, (_, n) => endpointId(n));
const numbers = (data: readonly { readonly id: string }[]) => data.map(({ id }) => all.indexOf(id));

/** Endpoints that accepted the message (0), failed (1), get it again (2), wait (3), were disabled (4), have other filters (5). */
async function aWorld() {
  const world = await aMessageWorld();
  for (let n = 0; n <= 5; n += 1) await world.create(n, { uid: `e${n}`, description: `Endpoint ${n}` });
  await world.attempt(0);
  await world.attempt(1, failed);
  await world.attempt(2, { ...failed, next: { kind: 'retry', at: secondsLater(3_000) } });
  await world.store(1, { state: 'failed', reason: 'exhausted' }, 8);
  await world.store(2, { state: 'planned', reason: 'retry' }, 2);
  await world.store(3, { state: 'held', reason: 'endpoint-failing' });
  await world.store(4, { state: 'canceled', reason: 'endpoint_disabled' });
  return world;
}

describe('the endpoints of a message', () => {
  it('are listed by id, with where the message stands at each', async () => {
    const { get } = await aWorld();
    const { data, ...end } = await get();
    expect(
      data.map(({ uid, status, statusText, nextAttempt }: Record<string, unknown>) => [
        uid,
        status,
        statusText,
        nextAttempt,
      ]),
    ).toEqual([
      ['e0', 0, 'success', null],
      ['e1', 2, 'fail', null],
      ['e2', 3, 'sending', secondsLater(3_000).toISOString()],
      ['e3', 1, 'pending', null],
      ['e4', 4, 'canceled', null],
    ]);
    expect(end).toEqual({ iterator: endpointId(4), prevIterator: `-${endpointId(0)}`, done: true });
    expect(data[0]).toEqual({
      id: endpointId(0),
      uid: 'e0',
      url: 'https://example.com/webhooks',
      description: 'Endpoint 0',
      disabled: false,
      eventTypes: null,
      channels: null,
      throttleRate: null,
      createdAt: secondsLater(0).toISOString(),
      updatedAt: secondsLater(0).toISOString(),
      status: 0,
      statusText: 'success',
      nextAttempt: null,
    });
  });

  it.each([
    ['limit=2', [0, 1]],
    [`limit=2&iterator=${endpointId(1)}`, [2, 3]],
    [`limit=2&iterator=-${endpointId(3)}`, [1, 2]],
    [`iterator=${endpointId(4)}`, []],
    [`iterator=${endpointId(50)}`, []],
  ])('are listed page by page: %s', async (search, expected) => {
    const { numbersOf } = await aWorld();
    expect(await numbersOf(search)).toEqual(expected);
  });

  it('are all found in pages of any length among many others, destinations too', async () => {
    const { get, create, attempt } = await aMessageWorld();
    for (let n = 0; n < 60; n += 1) {
      await create(n, n % 3 === 0 ? { order: { onExhausted: 'block' } } : {});
      if (n % 4 === 0) await attempt(n);
    }
    const expected = Array.from({ length: 15 }, (_, n) => n * 4);
    for (const limit of [1, 4, 15, 16]) {
      const found: number[] = [];
      let page = await get(`limit=${limit}`);
      for (;;) {
        found.push(...numbers(page.data));
        if (page.done) break;
        page = await get(`limit=${limit}&iterator=${page.iterator}`);
      }
      expect(found).toEqual(expected);
    }
  });

  it('has canceled a message by its code', async () => {
    const { get, create, attempt } = await aMessageWorld();
    await create(1);
    await attempt(1, { responseStatusCode: 0 });
    expect((await get()).data).toMatchObject([{ id: endpointId(1), status: 4, statusText: 'canceled' }]);
  });

  it('are found when a later attempt was accepted, or one that was asked for by hand', async () => {
    const { get, create, attempt } = await aMessageWorld();
    for (const n of [1, 2]) await create(n);
    await attempt(1, failed);
    await attempt(1, { attemptId: nthId('attempt', 100), attemptNumber: 2 });
    await attempt(2, { ...failed, attemptId: nthId('attempt', 101), trigger: 'manual' });
    expect((await get()).data).toMatchObject([
      { id: endpointId(1), status: 0 },
      { id: endpointId(2), status: 2 },
    ]);
  });

  it('include destinations in whose groups it waits', async () => {
    const { get, create, deliveries } = await aMessageWorld();
    await create(1, { order: { onExhausted: 'block' } });
    const place = { group: `${endpointId(1)}_a`, sequence: '1'.padStart(20, '0') };
    await deliveries.put(
      aStoredDelivery({ state: 'parked', reason: 'behind' }, { endpointId: endpointId(1) }, { place }),
    );
    expect((await get()).data).toMatchObject([{ id: endpointId(1), status: 1, nextAttempt: null }]);
  });

  it('include deleted ones that were attempted, with the URL of the attempt', async () => {
    const { get, create, attempt, store, endpoints } = await aMessageWorld();
    for (const n of [1, 2, 3]) await create(n, { description: 'gone' });
    await attempt(1);
    await attempt(2, failed);
    await store(3, { state: 'canceled', reason: 'endpoint_deleted' });
    for (const endpoint of endpoints.all()) await endpoints.delete(endpoint, secondsLater(100));
    await create(4);
    await attempt(4);
    const { data } = await get();
    expect(numbers(data)).toEqual([1, 2, 4]);
    expect(data[1]).toEqual({
      id: endpointId(2),
      uid: null,
      url: 'https://example.com/webhooks',
      description: '',
      disabled: true,
      eventTypes: null,
      channels: null,
      throttleRate: null,
      createdAt: secondsLater(2).toISOString(),
      updatedAt: secondsLater(2).toISOString(),
      status: 2,
      statusText: 'fail',
      nextAttempt: null,
    });
  });

  describe('of which some are deleted, three days after the message', () => {
    const now = secondsLater(3 * 24 * 3_600);

    /** 60 endpoints, of which the last one was attempted. A page of 50 looks at them in two parts. */
    async function aLaterWorld() {
      const world = await aMessageWorld(aMessage(), now);
      for (let n = 0; n < 60; n += 1) await world.create(n);
      await world.attempt(59);
      return world;
    }

    it('cost one read of the deleted ones a page', async () => {
      const { endpoints, numbersOf } = await aLaterWorld();
      for (let n = 1_000; n < 1_100; n += 1) {
        await endpoints.insert(anEndpoint({ endpointId: endpointId(n) }));
        await endpoints.delete(anEndpoint({ endpointId: endpointId(n) }), secondsLater(100));
      }
      const { listDeleted } = endpoints;
      const lengths: number[] = [];
      endpoints.listDeleted = async (...asked) => {
        const found = await listDeleted(...asked);
        lengths.push(found.length);
        return found;
      };
      expect(await numbersOf()).toEqual([59]);
      expect(lengths.length).toBeGreaterThan(1);
      expect(lengths).toEqual([100, ...new Array(lengths.length - 1).fill(0)]);
    });

    it('are found when they are deleted while a page is read', async () => {
      const { endpoints, numbersOf } = await aLaterWorld();
      const { listAll } = endpoints;
      let parts = 0;
      endpoints.listAll = async (...asked) => {
        parts += 1;
        if (parts === 2) await endpoints.delete(anEndpoint({ endpointId: endpointId(59) }), now);
        return listAll(...asked);
      };
      expect(await numbersOf()).toEqual([59]);
      expect(parts).toBeGreaterThan(1);
    });
  });

  it('are listed as long as attempts are kept, also if the message is not', async () => {
    const { numbersOf, create, attempt } = await aMessageWorld(aMessage({ expiresAt: secondsLater(60) }));
    for (const n of [1, 2]) await create(n);
    await attempt(1);
    expect(await numbersOf()).toEqual([1]);
  });

  it('of a scheduled message are found', async () => {
    const { numbersOf, create, attempt } = await aMessageWorld(aMessage({ deliverAt: secondsLater(500) }));
    for (const n of [1, 2]) await create(n);
    await attempt(2);
    expect(await numbersOf()).toEqual([2]);
  });

  it('are those of its own application', async () => {
    const { numbersOf, create, attempt } = await aMessageWorld();
    await create(1, { applicationId: nthId('application', 1) });
    await attempt(1, { applicationId: nthId('application', 1) });
    expect(await numbersOf()).toEqual([]);
  });

  it.each([
    `/api/v1/app/${ids.application}/msg/${nthId('message', 9)}/endpoint`,
    `/api/v1/app/${ids.application}/msg/order-1/endpoint`,
    `/api/v1/app/${nthId('application', 9)}/msg/${ids.message}/endpoint`,
  ])('are not found at %s', async (unknown) => {
    const { serve } = await aWorld();
    expect(await serve(aRequest({ path: unknown }))).toMatchObject({ statusCode: 404 });
  });

  it.each(['limit=251', 'iterator=x', `iterator=${ids.message}`])('are refused for %s', async (search) => {
    const { serve } = await aWorld();
    expect(await serve(aRequest({ path, search }))).toMatchObject({ statusCode: 422 });
  });
});
