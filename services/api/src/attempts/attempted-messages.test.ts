import { type Attempt, attemptIdOf, type DeliveryStatus, firstDeliveryOf, type Message } from '@posthorn/core';
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
import fc from 'fast-check';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';

const path = `/api/v1/app/${ids.application}/endpoint/${ids.endpoint}/msg`;
const messageId = (n: number) => nthId('message', n);
const labels = (n: number): Partial<Message> =>
  [{ tags: ['blue'] }, { channels: ['eu'] }, { eventType: 'other' }][n] ?? {};

async function anEndpointWorld(endpoint = anEndpoint({ uid: 'one' })) {
  const api = anApi(secondsLater(2_000));
  await api.applications.insert(anApplication());
  await api.endpoints.insert(endpoint);
  const get = async (search = '') => bodyOf(await api.serve(aRequest({ path, search })));
  const numbersOf = async (search = '') => numbers((await get(search)).data);
  const attempt = (n: number, overrides: Partial<Attempt> = {}) => {
    const message = aMessage({ messageId: messageId(n) });
    const attemptId = attemptIdOf(firstDeliveryOf(message, ids.endpoint));
    return api.attempts.record(anAttempt({ messageId: messageId(n), attemptId, ...overrides }));
  };
  const store = (n: number, status: DeliveryStatus, attemptNumber = 1, scheduledAt = secondsLater(3_000)) =>
    api.deliveries.put(aStoredDelivery(status, { messageId: messageId(n), attemptNumber, scheduledAt }));
  return { ...api, get, numbersOf, attempt, store };
}

const canceledByCode = { responseStatusCode: 0, response: '' } as const;
const failed = { status: 'failed', responseStatusCode: 503 } as const;
const all = Array.from({ length: 20 }, (_, n) => messageId(n));
const numbers = (data: readonly { readonly id: string }[]) => data.map(({ id }) => all.indexOf(id));

/** Messages that succeeded (0), failed (1), are tried again (2), wait untried (3), were canceled (4), were never sent (5). */
async function aWorld() {
  const world = await anEndpointWorld();
  for (let n = 0; n <= 5; n += 1) {
    const body = `{"n":${n}.0}`;
    await world.messages.insert(aMessage({ messageId: messageId(n), body, ...labels(n) }));
  }
  await world.attempt(0);
  await world.attempt(1, failed);
  await world.attempt(2, { ...failed, next: { kind: 'retry', at: secondsLater(3_000) } });
  await world.store(1, { state: 'failed', reason: 'exhausted' }, 8);
  await world.store(2, { state: 'planned', reason: 'retry' }, 2);
  await world.store(3, { state: 'held', reason: 'endpoint-failing' });
  await world.store(4, { state: 'canceled', reason: 'endpoint_disabled' });
  return world;
}

describe('the messages of an endpoint', () => {
  it('are listed newest first, with where each one stands and with their payloads as they were sent', async () => {
    const { serve } = await aWorld();
    const answer = await serve(aRequest({ path, search: 'expanded_statuses=true' }));
    const { data, ...end } = bodyOf(answer);
    const standings = data.map(({ id, status, statusText, nextAttempt }: Record<string, unknown>) => [
      all.indexOf(String(id)),
      status,
      statusText,
      nextAttempt,
    ]);
    expect(standings).toEqual([
      [4, 4, 'canceled', null],
      [3, 1, 'pending', null],
      [2, 3, 'sending', secondsLater(3_000).toISOString()],
      [1, 2, 'fail', null],
      [0, 0, 'success', null],
    ]);
    expect(end).toEqual({ iterator: messageId(0), prevIterator: `-${messageId(4)}`, done: true });
    expect(answer.body).toContain('"payload":{"n":4.0},"status":4');
    expect(data[4]).toEqual({
      id: messageId(0),
      eventId: null,
      eventType: 'invoice.paid',
      payload: { n: 0 },
      channels: null,
      tags: ['blue'],
      timestamp: secondsLater(0).toISOString(),
      deliverAt: null,
      status: 0,
      statusText: 'success',
      nextAttempt: null,
    });
  });

  it('are shown without payloads on request', async () => {
    const { get } = await aWorld();
    for (const search of ['with_content=false', 'with_content=false&status=2'])
      for (const { payload } of (await get(search)).data) expect(payload).toEqual({});
    expect((await get('status=2')).data).toMatchObject([{ payload: { n: 1 } }]);
  });

  it('that were expunged are listed, without their payloads', async () => {
    const { get, messages } = await aWorld();
    for (const n of [0, 1]) await messages.expunge(ids.application, messageId(n), secondsLater(30));
    const { data } = await get();
    const gone = { expired: true };
    expect(data.map(({ payload }: { payload: object }) => payload)).toEqual([{ n: 4 }, { n: 3 }, { n: 2 }, gone, gone]);
    expect((await get('status=2')).data).toMatchObject([{ id: messageId(1), payload: gone }]);
  });

  it('are shown as succeeded if they were canceled, to clients that do not know that status', async () => {
    const { get } = await aWorld();
    expect((await get('status=4')).data).toMatchObject([{ id: messageId(4), status: 0, statusText: 'success' }]);
    expect((await get('status=4&expanded_statuses=true')).data).toMatchObject([{ status: 4, statusText: 'canceled' }]);
  });

  it('are found by the status that is shown', async () => {
    const { numbersOf, messages, attempt } = await aWorld();
    await messages.insert(aMessage({ messageId: messageId(6) }));
    await attempt(6, canceledByCode);
    await messages.insert(aMessage({ messageId: messageId(7) }));
    await attempt(7, failed);
    await attempt(7, { ...canceledByCode, attemptId: nthId('attempt', 100), attemptNumber: 2 });
    expect(await numbersOf('status=0')).toEqual([7, 6, 4, 0]);
    expect(await numbersOf('status=0&expanded_statuses=true')).toEqual([0]);
    for (const search of ['status=4', 'status=4&expanded_statuses=true'])
      expect(await numbersOf(search)).toEqual([7, 6, 4]);
  });

  it.each([
    ['status=0&expanded_statuses=true', [0]],
    ['status=1', [3]],
    ['status=2', [1]],
    ['status=3', [2]],
    ['status=4', [4]],
    ['tag=blue', [0]],
    ['tag=blue&status=2', []],
    ['channel=eu', [1]],
    ['channel=eu&status=2', [1]],
    ['event_types=other', [2]],
    ['event_types=other&status=3', [2]],
    ['event_types=invoice.paid,other&status=3', [2]],
    ['event_types=invoice.paid&status=3', []],
    ['before=2026-01-01T00:00:02Z', [1, 0]],
    ['before=2026-01-01T00:00:02Z&status=2', [1]],
    ['before=2026-01-01T00:00:01Z&status=2', []],
    ['after=2026-01-01T00:00:03Z', [4, 3]],
    ['after=2026-01-01T00:00:03Z&status=1', [3]],
    ['after=2026-01-01T00:00:03Z&limit=1', [3]],
    ['after=1970-01-01T00:00:00Z&status=2', [1]],
    [`iterator=${messageId(2)}`, [1, 0]],
    [`iterator=-${messageId(2)}`, [4, 3]],
    [`iterator=${messageId(2)}&status=2`, [1]],
    [`iterator=-${messageId(2)}&status=4`, [4]],
  ])('are filtered by %s', async (search, expected) => {
    const { numbersOf } = await aWorld();
    expect(await numbersOf(search)).toEqual(expected);
  });

  it('are found when their first attempt was not the one that fan-out plans', async () => {
    const { numbersOf, messages, attempt } = await anEndpointWorld();
    for (const n of [1, 2, 3, 4]) await messages.insert(aMessage({ messageId: messageId(n) }));
    await attempt(1, failed);
    await attempt(1, { attemptId: nthId('attempt', 100), attemptNumber: 2 });
    await attempt(2, { attemptId: nthId('attempt', 101), trigger: 'manual' });
    await attempt(3, { ...failed, attemptId: nthId('attempt', 102), trigger: 'manual' });
    expect(await numbersOf()).toEqual([3, 2, 1]);
    expect(await numbersOf('status=0')).toEqual([2, 1]);
  });

  it('of a scheduled message are found at its time', async () => {
    const { numbersOf, messages, attempts } = await anEndpointWorld();
    const message = aMessage({ messageId: messageId(1), deliverAt: secondsLater(500) });
    await messages.insert(message);
    const attemptId = attemptIdOf(firstDeliveryOf(message, ids.endpoint));
    await attempts.record(anAttempt({ messageId: messageId(1), attemptId }));
    expect(await numbersOf('status=0')).toEqual([1]);
  });

  it('have succeeded if they were accepted while their delivery was canceled', async () => {
    const { numbersOf, messages, attempt, store } = await anEndpointWorld();
    await messages.insert(aMessage({ messageId: messageId(1) }));
    await attempt(1);
    const scheduledAt = aMessage({ messageId: messageId(1) }).acceptedAt;
    await store(1, { state: 'canceled', reason: 'endpoint_disabled' }, 1, scheduledAt);
    expect(await numbersOf('status=4')).toEqual([]);
    expect(await numbersOf('status=0')).toEqual([1]);
  });

  it('were canceled by code if that is what the attempt says at which their delivery ended', async () => {
    const { get, messages, attempt, store } = await anEndpointWorld();
    const message = aMessage({ messageId: messageId(1) });
    await messages.insert(message);
    await attempt(1, canceledByCode);
    await store(1, { state: 'canceled', reason: 'endpoint_disabled' }, 1, message.acceptedAt);
    expect((await get('expanded_statuses=true')).data).toMatchObject([{ status: 4, statusText: 'canceled' }]);
  });

  it('that wait in the group of a destination are listed, with and without a filter', async () => {
    const { numbersOf, get, messages, deliveries, attempt } = await anEndpointWorld(
      anEndpoint({ order: { onExhausted: 'block' } }),
    );
    for (const n of [1, 2]) await messages.insert(aMessage({ messageId: messageId(n) }));
    const place = (n: number) => ({ group: `${ids.endpoint}_a`, sequence: String(n).padStart(20, '0') });
    const head = { messageId: messageId(1), attemptNumber: 2, scheduledAt: secondsLater(3_000) };
    await attempt(1, { ...failed, next: { kind: 'retry', at: secondsLater(3_000) } });
    await deliveries.put(aStoredDelivery({ state: 'parked', reason: 'retry' }, head, { place: place(1) }));
    await deliveries.put(
      aStoredDelivery({ state: 'parked', reason: 'behind' }, { messageId: messageId(2) }, { place: place(2) }),
    );
    expect((await get()).data).toMatchObject([
      { status: 1, nextAttempt: null },
      { status: 3, nextAttempt: secondsLater(3_000).toISOString() },
    ]);
    expect(await numbersOf('status=1')).toEqual([2]);
    expect(await numbersOf('status=3')).toEqual([1]);
  });

  it('are those of its own application, and not those that are no longer kept', async () => {
    const { numbersOf, messages, attempt, store } = await anEndpointWorld();
    await messages.insert(aMessage({ messageId: messageId(1), applicationId: nthId('application', 1) }));
    await messages.insert(aMessage({ messageId: messageId(2), expiresAt: secondsLater(60) }));
    for (const n of [1, 2]) await attempt(n, failed);
    await store(2, { state: 'failed', reason: 'exhausted' });
    expect(await numbersOf()).toEqual([]);
    expect(await numbersOf('status=2')).toEqual([]);
  });

  it.each(['status=9', 'status=fail', 'before=yesterday'])('cannot be read with %s', async (search) => {
    const { serve } = await aWorld();
    expect(await serve(aRequest({ path, search }))).toMatchObject({ statusCode: 400 });
  });

  it.each(['limit=251', 'iterator=x', `iterator=${ids.attempt}`])('are refused for %s', async (search) => {
    const { serve } = await aWorld();
    expect(await serve(aRequest({ path, search }))).toMatchObject({ statusCode: 422 });
  });

  it('are not found at an endpoint that does not exist, or with the token of another application', async () => {
    const { serve, applications } = await aWorld();
    await applications.insert(anApplication({ applicationId: nthId('application', 1) }));
    const unknown = path.replace(ids.endpoint, nthId('endpoint', 9));
    expect(await serve(aRequest({ path: unknown }))).toMatchObject({ statusCode: 404 });
    expect(await serve(aRequest({ path, token: nthId('application', 1) }))).toMatchObject({ statusCode: 404 });
    expect(await serve(aRequest({ path, token: ids.application }))).toMatchObject({ statusCode: 200 });
  });
});

const seed = 20_261_129;
const anyKind = fc.constantFrom('success', 'retried', 'fail', 'sending', 'pending', 'canceled', 'by-code', 'none');

it('every page of any length belongs to one list, with and without a status', () =>
  fc.assert(
    fc.asyncProperty(
      fc.record({
        kinds: fc.array(anyKind, { maxLength: 20, size: 'max' }),
        limit: fc.integer({ min: 1, max: 5 }),
        isForward: fc.boolean(),
      }),
      async ({ kinds, limit, isForward }) => {
        const world = await anEndpointWorld();
        for (const [n, kind] of kinds.entries()) {
          await world.messages.insert(aMessage({ messageId: messageId(n) }));
          if (kind === 'success') await world.attempt(n);
          if (kind === 'retried' || kind === 'fail' || kind === 'sending') await world.attempt(n, failed);
          if (kind === 'retried') await world.attempt(n, { attemptId: nthId('attempt', 100 + n), attemptNumber: 2 });
          if (kind === 'fail') await world.store(n, { state: 'failed', reason: 'exhausted' });
          if (kind === 'sending') await world.store(n, { state: 'planned', reason: 'retry' }, 2);
          if (kind === 'pending') await world.store(n, { state: 'planned', reason: 'throttled' });
          if (kind === 'by-code') await world.attempt(n, canceledByCode);
          if (kind === 'canceled') await world.store(n, { state: 'canceled', reason: 'endpoint_deleted' });
        }
        const walk = async (status: string) => {
          const found: number[] = [];
          const search = `with_content=false&expanded_statuses=true&limit=${limit}${status}`;
          let page = await world.get(isForward ? search : `${search}&iterator=-${messageId(-1)}`);
          for (;;) {
            found.push(...(isForward ? numbers(page.data) : numbers(page.data).toReversed()));
            if (page.done) return found;
            page = await world.get(`${search}&iterator=${isForward ? page.iterator : page.prevIterator}`);
          }
        };
        const statuses: readonly (readonly string[])[] = [
          ['success', 'retried'],
          ['pending'],
          ['fail'],
          ['sending'],
          ['canceled', 'by-code'],
        ];
        const numbersOf = (wanted: readonly string[]) => {
          const own = kinds.flatMap((kind, n) => (wanted.includes(kind) ? [n] : []));
          return isForward ? own.toReversed() : own;
        };
        expect(await walk('')).toEqual(numbersOf(statuses.flat()));
        for (const [status, wanted] of statuses.entries())
          expect(await walk(`&status=${status}`)).toEqual(numbersOf(wanted));
      },
    ),
    { seed, numRuns: 30 },
  ));
