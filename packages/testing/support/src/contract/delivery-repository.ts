import type { Delivery, DeliveryRepository, DeliveryState, DeliveryStatus, StoredDelivery } from '@posthorn/core';
import { ids, nthId, secondsLater } from '../builders/ids.ts';
import { aStoredDelivery } from '../builders/stored-delivery.ts';
import { describePaging } from './paging-promises.ts';

const retry = { state: 'planned', reason: 'retry' } as const;
const throttled = { state: 'planned', reason: 'throttled' } as const;
const scheduled = { state: 'planned', reason: 'scheduled' } as const;
const held = { state: 'held', reason: 'endpoint-failing' } as const;
const parked = { state: 'parked', reason: 'behind' } as const;
const failed = { state: 'failed', reason: 'exhausted' } as const;
const setAside = { state: 'failed', reason: 'set_aside' } as const;
const canceled = { state: 'canceled', reason: 'endpoint_disabled' } as const;

const key = { endpointId: ids.endpoint, messageId: ids.message };
const now = secondsLater(3_600);

/** What every repository of stored deliveries promises. Each test gets an empty one. */
export function describeDeliveryRepository(name: string, create: () => Promise<DeliveryRepository>): void {
  describe(`stored deliveries ${name}`, () => {
    describeStoring(create);
    describeOrderOfPuts(create);
    describeMovingOn(create);
    describeListing(create);
    describeCounting(create);
  });
}

function describeStoring(create: () => Promise<DeliveryRepository>): void {
  it.each<DeliveryStatus>([
    retry,
    throttled,
    scheduled,
    held,
    failed,
    { state: 'failed', reason: 'gone' },
    { state: 'failed', reason: 'aborted' },
    setAside,
    canceled,
    { state: 'canceled', reason: 'endpoint_deleted' },
    { state: 'canceled', reason: 'message_expired' },
  ])('find a delivery as it was stored: %j', async (status) => {
    const deliveries = await create();
    const overrides = {
      attemptNumber: 3,
      retriesFrom: 2,
      isUntried: true as const,
      scheduledAt: secondsLater(1.001),
      notBefore: secondsLater(9),
    };
    const stored = aStoredDelivery(status, overrides, { since: secondsLater(0.5) });
    expect(await deliveries.find(key)).toBeUndefined();
    expect(await deliveries.put(stored)).toBe('stored');
    expect(await deliveries.find(key)).toEqual(stored);
    expect(await deliveries.find({ ...key, endpointId: nthId('endpoint', 1) })).toBeUndefined();
  });

  it('find a parked delivery by its place, beside others of its message', async () => {
    const deliveries = await create();
    const places = [1, 2].map((n) => ({ group: `ep_1#"${n}"`, sequence: `1888${n}`.padStart(20, '0') }));
    const [one, other] = places.map((place) => aStoredDelivery(parked, {}, { place }));
    if (!one || !other) throw new Error('two deliveries are expected');
    for (const stored of [one, other]) expect(await deliveries.put(stored)).toBe('stored');
    expect(await deliveries.find({ ...key, ...one })).toEqual(one);
    expect(await deliveries.find(key)).toBeUndefined();
    await deliveries.delete({ ...key, ...one });
    expect(await deliveries.find({ ...key, ...one })).toBeUndefined();
    expect(await deliveries.find({ ...key, ...other })).toEqual(other);
  });

  it('find a parked delivery by its message alone, and no other one', async () => {
    const deliveries = await create();
    const place = { group: 'ep_1#a', sequence: '1'.padStart(20, '0') };
    const other = { messageId: nthId('message', 1) };
    const inLine = aStoredDelivery(parked, {}, { place });
    for (const stored of [inLine, aStoredDelivery(held, other)]) await deliveries.put(stored);
    expect(await deliveries.findParked(key)).toEqual(inLine);
    expect(await deliveries.findParked({ ...key, ...other })).toBeUndefined();
    expect(await deliveries.findParked({ ...key, endpointId: nthId('endpoint', 1) })).toBeUndefined();
  });

  it('find many at once, and leave out those that are not stored', async () => {
    const deliveries = await create();
    const at = (n: number) => ({ endpointId: ids.endpoint, messageId: nthId('message', n) });
    const all = Array.from({ length: 150 }, (_, n) => aStoredDelivery(held, at(n)));
    for (const stored of all) await deliveries.put(stored);
    const byMessage = (one: StoredDelivery, other: StoredDelivery) =>
      one.delivery.messageId < other.delivery.messageId ? -1 : 1;
    const asked = Array.from({ length: 200 }, (_, n) => at(n));
    for (const options of [[], [{ mayBeStale: true }]] as const) {
      const found = await deliveries.findAll(asked, ...options);
      expect(found.toSorted(byMessage)).toEqual(all.toSorted(byMessage));
    }
    expect(await deliveries.findAll([])).toEqual([]);
  });

  it('delete a delivery in any state, and may be asked again', async () => {
    const deliveries = await create();
    for (const status of [retry, held, failed, canceled]) {
      await deliveries.put(aStoredDelivery(status));
      await deliveries.delete(key);
      await deliveries.delete(key);
      expect(await deliveries.find(key)).toBeUndefined();
    }
  });

  it.each([
    ['failed', failed, true],
    ['canceled', canceled, true],
    ['planned', retry, false],
    ['held', held, false],
  ] as const)(
    'after a manual success, delete one that has ended and keep one that goes on: %s',
    async (_, status, ends) => {
      const deliveries = await create();
      await deliveries.put(aStoredDelivery(status));
      await deliveries.deleteEnded(key);
      await deliveries.deleteEnded({ ...key, messageId: nthId('message', 1) });
      expect((await deliveries.find(key)) === undefined).toBe(ends);
    },
  );
}

function describeOrderOfPuts(create: () => Promise<DeliveryRepository>): void {
  const at = (attemptNumber: number, status: DeliveryStatus, overrides: Partial<Delivery> = {}) =>
    aStoredDelivery(status, { attemptNumber, ...overrides }, { since: secondsLater(attemptNumber) });

  it.each<[string, StoredDelivery, StoredDelivery]>([
    ['a retry, over one of the attempt before', at(2, retry), at(3, retry)],
    ['a retry, over one of the attempt before that has failed', at(2, failed), at(3, retry)],
    ['a retry, over one of the attempt before that was canceled', at(2, canceled), at(3, retry)],
    ['one that is throttled, over its retry', at(2, retry), at(2, throttled)],
    ['one that is throttled again', at(2, throttled), at(2, throttled, { notBefore: secondsLater(60) })],
    ['one that is held, over its retry', at(2, retry), at(2, held)],
    ['one that is throttled, over a held one', at(2, held), at(2, throttled)],
    ['one that is held, over an earlier one that has ended', at(1, failed), at(2, held)],
    ['one that is canceled, over a planned one', at(2, retry), at(2, canceled)],
    ['one that is canceled, over a held one', at(2, held), at(2, canceled)],
    ['one that has failed, over a planned one', at(2, retry), at(2, failed)],
    ['one that has failed, over a canceled one: it was attempted after all', at(2, canceled), at(2, failed)],
    ['one that was set aside, over its retry', at(2, retry), at(2, setAside)],
    ['one that was set aside, over an earlier one that has failed', at(1, failed), at(2, setAside)],
    ['one that is held, over one that was set aside: its job came back', at(2, setAside), at(2, held)],
    ['one that is canceled, over one that was set aside', at(2, setAside), at(2, canceled)],
    ['one that has failed, over one that was set aside', at(2, setAside), at(2, failed)],
    ['a retry, over one of the attempt before that was set aside', at(2, setAside), at(3, retry)],
    ['a retry, over one that was set aside: the job before it was put back', at(2, setAside), at(2, retry)],
  ])('store %s', async (_, before, stored) => {
    const deliveries = await create();
    await deliveries.put(before);
    expect(await deliveries.put(stored)).toBe('stored');
    expect(await deliveries.find(key)).toEqual(stored);
  });

  it.each<[string, StoredDelivery, StoredDelivery]>([
    ['a retry, over one of a later attempt', at(3, retry), at(2, retry)],
    ['a retry, over one of the same attempt that is throttled', at(2, throttled), at(2, retry)],
    ['a retry, over one of the same attempt that is held', at(2, held), at(2, retry)],
    ['a retry, over one of the same attempt that has failed', at(2, failed), at(2, retry)],
    ['a retry, over one of the same attempt that was canceled', at(2, canceled), at(2, retry)],
    ['one that is throttled, over one of a later attempt', at(3, retry), at(2, throttled)],
    ['one that is throttled, over one that has failed', at(2, failed), at(2, throttled)],
    ['one that is throttled, over one that was canceled', at(2, canceled), at(2, throttled)],
    ['one that is held, over one of a later attempt', at(3, retry), at(2, held)],
    ['one that is held, over one that was canceled', at(2, canceled), at(2, held)],
    ['one that is canceled, over one of a later attempt', at(3, retry), at(2, canceled)],
    ['one that is canceled, over one that has failed', at(2, failed), at(2, canceled)],
    ['one that has failed, over one of a later attempt', at(3, retry), at(2, failed)],
    ['one that was set aside, over one of a later attempt', at(3, retry), at(2, setAside)],
    ['one that was set aside, over one that has failed', at(2, failed), at(2, setAside)],
    ['one that was set aside, over one that was canceled', at(2, canceled), at(2, setAside)],
  ])('do not store %s', async (_, before, stored) => {
    const deliveries = await create();
    await deliveries.put(before);
    expect(await deliveries.put(stored)).toBe('superseded');
    expect(await deliveries.find(key)).toEqual(before);
  });

  it.each<[string, StoredDelivery]>([
    ['a retry', at(2, retry)],
    ['one that was canceled', at(2, canceled)],
  ])('say that they have %s already, and keep since when', async (_, stored) => {
    const deliveries = await create();
    await deliveries.put(stored);
    expect(await deliveries.put({ ...stored, since: secondsLater(99) })).toBe('same');
    expect(await deliveries.find(key)).toEqual(stored);
  });

  it('do not take a retry at another time, or for another reason of its end, for the same', async () => {
    const deliveries = await create();
    await deliveries.put(at(2, retry));
    expect(await deliveries.put(at(2, retry, { scheduledAt: secondsLater(7) }))).toBe('superseded');
    await deliveries.put(at(2, canceled));
    expect(await deliveries.put(at(2, { state: 'canceled', reason: 'message_expired' }))).toBe('superseded');
  });
}

function describeMovingOn(create: () => Promise<DeliveryRepository>): void {
  const stored = aStoredDelivery(held, {}, { since: secondsLater(1) });
  const next = aStoredDelivery(throttled, { notBefore: secondsLater(9) }, { since: secondsLater(9) });

  it('move a delivery on that is stored as it was read', async () => {
    const deliveries = await create();
    await deliveries.put(stored);
    expect(await deliveries.moveOn(stored, next)).toBe('stored');
    expect(await deliveries.find(key)).toEqual(next);
    expect(await deliveries.moveOn(stored, next)).toBe('changed');
  });

  it.each<[string, StoredDelivery]>([
    ['is held again', aStoredDelivery(held, {}, { since: secondsLater(2) })],
    ['is in another state', aStoredDelivery(canceled, {}, { since: secondsLater(1) })],
    ['is at a later attempt', aStoredDelivery(retry, { attemptNumber: 2 }, { since: secondsLater(3) })],
  ])('do not move a delivery on that %s', async (_, other) => {
    const deliveries = await create();
    await deliveries.put(other);
    expect(await deliveries.moveOn(stored, next)).toBe('changed');
    expect(await deliveries.find(key)).toEqual(other);
  });

  describe('with a parked delivery', () => {
    const place = { group: 'ep_1#a', sequence: '1'.padStart(20, '0') };
    const inLine = aStoredDelivery(parked, {}, { since: secondsLater(1), place });
    const ended = aStoredDelivery(canceled, {}, { since: secondsLater(9) });

    it('move it out of its line, to the row of its message', async () => {
      const deliveries = await create();
      await deliveries.put(inLine);
      expect(await deliveries.moveOn(inLine, ended)).toBe('stored');
      expect(await deliveries.find({ ...key, place })).toBeUndefined();
      expect(await deliveries.find(key)).toEqual(ended);
      expect(await deliveries.moveOn(inLine, ended)).toBe('changed');
    });

    it('leave it alone if it has changed, or is no longer in its line', async () => {
      const deliveries = await create();
      expect(await deliveries.moveOn(inLine, ended)).toBe('changed');
      const changed = { ...inLine, since: secondsLater(2) };
      await deliveries.put(changed);
      expect(await deliveries.moveOn(inLine, ended)).toBe('changed');
      expect(await deliveries.find({ ...key, place })).toEqual(changed);
      expect(await deliveries.find(key)).toBeUndefined();
    });

    it('only remove it from its line if its end is stored already', async () => {
      const deliveries = await create();
      const failedBefore = aStoredDelivery(failed, {}, { since: secondsLater(2) });
      for (const one of [inLine, failedBefore]) await deliveries.put(one);
      expect(await deliveries.moveOn(inLine, ended)).toBe('stored');
      expect(await deliveries.find({ ...key, place })).toBeUndefined();
      expect(await deliveries.find(key)).toEqual(failedBefore);
    });
  });

  it('do not store a delivery again that succeeded meanwhile', async () => {
    const deliveries = await create();
    expect(await deliveries.moveOn(stored, next)).toBe('changed');
    expect(await deliveries.find(key)).toBeUndefined();
  });
}

function describeListing(create: () => Promise<DeliveryRepository>): void {
  const inState = (n: number, status: DeliveryStatus, overrides: Partial<Delivery> = {}) =>
    aStoredDelivery(status, { messageId: nthId('message', n), ...overrides });
  const all = { limit: 100, direction: 'forward' } as const;

  it('list the deliveries of an endpoint in one state, oldest message first, with all their fields', async () => {
    const deliveries = await create();
    const due = { attemptNumber: 2, scheduledAt: secondsLater(5), notBefore: secondsLater(6) };
    const planned = [3, 1, 20, 2].map((n) => inState(n, retry, due));
    const others = [inState(4, held), inState(5, failed), inState(6, canceled)];
    const elsewhere = inState(7, retry, { endpointId: nthId('endpoint', 1) });
    for (const stored of [...planned, ...others, elsewhere]) await deliveries.put(stored);
    const list = async (state: DeliveryState) => (await deliveries.list(ids.endpoint, { ...all, state }, now)).items;
    expect(await list('planned')).toEqual([1, 2, 3, 20].map((n) => inState(n, retry, due)));
    expect(await list('held')).toEqual([others[0]]);
    expect(await list('failed')).toEqual([others[1]]);
    expect(await list('canceled')).toEqual([others[2]]);
    expect(await list('parked')).toEqual([]);
  });

  it('list a parked delivery with its place', async () => {
    const deliveries = await create();
    const stored = aStoredDelivery(parked, {}, { place: { group: 'ep_1#a', sequence: '1'.padStart(20, '0') } });
    await deliveries.put(stored);
    expect((await deliveries.list(ids.endpoint, { ...all, state: 'parked' }, now)).items).toEqual([stored]);
  });

  it('list only messages of a time window', async () => {
    const deliveries = await create();
    for (let n = 1; n <= 9; n += 1) await deliveries.put(inState(n, failed));
    const query = { ...all, state: 'failed', after: secondsLater(3), before: secondsLater(6) } as const;
    const { items } = await deliveries.list(ids.endpoint, query, now);
    expect(items.map(({ delivery }) => delivery.messageId)).toEqual([3, 4, 5].map((n) => nthId('message', n)));
  });

  describePaging(async () => {
    const deliveries = await create();
    const rows = Array.from({ length: 12 }, (_, n) => inState(n, failed));
    for (const row of rows) await deliveries.put(row);
    return {
      list: (page) => deliveries.list(ids.endpoint, { ...page, state: 'failed' }, now),
      keyOf: ({ delivery }) => delivery.messageId,
      rows,
    };
  });
}

function describeCounting(create: () => Promise<DeliveryRepository>): void {
  it('count what was never tried, what is tried again, and what was canceled untried', async () => {
    const deliveries = await create();
    const given: readonly (readonly [DeliveryStatus, number, number])[] = [
      [scheduled, 1, 1],
      [throttled, 1, 2],
      [held, 1, 3],
      [parked, 1, 4],
      [retry, 2, 5],
      [held, 2, 6],
      [parked, 7, 7],
      [failed, 1, 8],
      [failed, 8, 9],
      [canceled, 1, 10],
      [canceled, 3, 11],
    ];
    const begunAgain: readonly (readonly [DeliveryStatus, number])[] = [
      [held, 12],
      [throttled, 13],
      [canceled, 14],
    ];
    for (const [status, attemptNumber, n] of given)
      await deliveries.put(aStoredDelivery(status, { attemptNumber, messageId: nthId('message', n) }));
    for (const [status, n] of begunAgain) {
      const untried = { attemptNumber: 2, retriesFrom: 2, isUntried: true, messageId: nthId('message', n) } as const;
      await deliveries.put(aStoredDelivery(status, untried));
    }
    await deliveries.put(aStoredDelivery(retry, { endpointId: nthId('endpoint', 1) }));
    expect(await deliveries.count(ids.endpoint, now)).toEqual({
      pending: 6,
      sending: 3,
      canceled: 2,
      isComplete: true,
    });
  });
}
