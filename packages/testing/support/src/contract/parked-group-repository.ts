import type { DueDeliveryRepository, GroupChange, ParkedGroupRepository } from '@posthorn/core';
import { dueShards, groupReasons } from '@posthorn/core';
import { aDelivery } from '../builders/delivery.ts';
import { ids, nthId, secondsLater } from '../builders/ids.ts';

/** The groups, and the due table that their wakes are in. */
export interface ParkedGroupsUnderTest {
  readonly groups: ParkedGroupRepository;
  readonly due: Pick<DueDeliveryRepository, 'listDue'>;
}

const now = secondsLater(10);
const owner = {
  organisationId: ids.organisation,
  applicationId: ids.application,
  endpointId: ids.endpoint,
  group: `${ids.endpoint}_a`,
};
const placeOf = (n: number): string => String(n).padStart(20, '0');
const deliveryOf = (n: number) => aDelivery({ messageId: nthId('message', n) });
const retrying = { ...deliveryOf(1), attemptNumber: 2, scheduledAt: secondsLater(60) };
const waiting: GroupChange = {
  state: 'waiting',
  epoch: 281_474_976_710_655,
  head: nthId('message', 1),
  place: placeOf(1),
  attempt: 2,
  notBefore: secondsLater(60),
  reason: 'throttled',
  isAsked: true,
};
const { notBefore: _, isAsked: __, ...headOfWaiting } = waiting;
const blocked: GroupChange = {
  ...headOfWaiting,
  state: 'blocked',
  epoch: 7,
  attempt: 3,
  reason: 'unusable',
  detail: 'x',
};
const opening = { owner, to: waiting, delivery: retrying, wakeAt: secondsLater(60), now };

/** What every repository of parked groups promises. Each test gets an empty one. */
export function describeParkedGroupRepository(name: string, create: () => Promise<ParkedGroupsUnderTest>): void {
  const wakesOf = async ({ due }: ParkedGroupsUnderTest) => {
    const shards = Array.from({ length: dueShards }, (_, shard) => due.listDue(shard, secondsLater(1_000), 100));
    return (await Promise.all(shards)).flatMap(({ wakes }) => wakes);
  };
  const parkedOf = async ({ groups }: ParkedGroupsUnderTest) => groups.listParked(owner, 100);
  const opened = async () => {
    const store = await create();
    expect(await store.groups.open(opening)).toBe('done');
    return store;
  };

  describe(`parked groups ${name}`, () => {
    it('open with their head and their wake', async () => {
      const store = await opened();
      expect(await store.groups.find(owner)).toEqual({ ...owner, ...waiting, parks: 1, since: now });
      expect(await parkedOf(store)).toEqual([{ place: placeOf(1), delivery: retrying }]);
      expect(await wakesOf(store)).toEqual([{ ...owner, epoch: waiting.epoch, at: secondsLater(60), slice: 0 }]);
    });

    it.each(groupReasons)('keep the reason of a wait: %s', async (reason) => {
      const store = await create();
      await store.groups.open({ ...opening, to: { ...waiting, reason } });
      expect(await store.groups.find(owner)).toMatchObject({ reason });
    });

    it('open once', async () => {
      const store = await opened();
      const other = { ...opening, to: { ...waiting, epoch: 5, place: placeOf(9) }, wakeAt: secondsLater(70) };
      expect(await store.groups.open(other)).toBe('refused');
      expect(await store.groups.find(owner)).toMatchObject({ epoch: waiting.epoch });
      expect(await parkedOf(store)).toHaveLength(1);
      expect(await wakesOf(store)).toHaveLength(1);
    });

    it('park deliveries behind the head, in the order of their places, each once', async () => {
      const store = await opened();
      const park = (n: number) =>
        store.groups.park({ group: owner.group, place: placeOf(n), delivery: deliveryOf(n), now });
      for (const n of [10, 9, 9]) expect(await park(n)).toBe('done');
      expect((await parkedOf(store)).map(({ place }) => place)).toEqual([1, 9, 10].map(placeOf));
      expect(await store.groups.find(owner)).toMatchObject({ parks: 3 });
      // A head that has gone on is not put back to an earlier attempt.
      expect(await park(1)).toBe('done');
      expect((await parkedOf(store))[0]).toEqual({ place: placeOf(1), delivery: retrying });
    });

    it('park nothing in a group that flows', async () => {
      const store = await create();
      const parked = { group: owner.group, place: placeOf(2), delivery: deliveryOf(2), now };
      expect(await store.groups.park(parked)).toBe('refused');
      expect(await parkedOf(store)).toEqual([]);
    });

    it('change as a whole, from the epoch that was read only', async () => {
      const store = await opened();
      const delivery = { ...retrying, attemptNumber: 3 };
      const change = {
        owner,
        from: waiting.epoch,
        to: blocked,
        delivery,
        wakeAt: secondsLater(80),
        now: secondsLater(20),
      };
      expect(await store.groups.move({ ...change, from: 1 })).toBe('refused');
      expect(await store.groups.move(change)).toBe('done');
      expect(await store.groups.move(change)).toBe('refused');
      expect(await store.groups.find(owner)).toEqual({ ...owner, ...blocked, parks: 1, since: secondsLater(20) });
      expect(await parkedOf(store)).toEqual([{ place: placeOf(1), delivery }]);
      expect((await wakesOf(store)).map(({ epoch }) => epoch).toSorted()).toEqual([waiting.epoch, 7].toSorted());
    });

    it('are deleted by whoever has seen all that was parked', async () => {
      const store = await opened();
      await store.groups.park({ group: owner.group, place: placeOf(2), delivery: deliveryOf(2), now });
      expect(await store.groups.delete(owner, { epoch: waiting.epoch, parks: 1 })).toBe('refused');
      expect(await store.groups.delete(owner, { epoch: 1, parks: 2 })).toBe('refused');
      for (const n of [1, 2]) await store.groups.deleteParked(owner, placeOf(n));
      expect(await store.groups.delete(owner, { epoch: waiting.epoch, parks: 2 })).toBe('done');
      expect(await store.groups.find(owner)).toBeUndefined();
      expect(await parkedOf(store)).toEqual([]);
    });

    it('are listed by endpoint, page by page', async () => {
      const { groups } = await create();
      const names = ['a', 'b', 'c'].map((key) => `${ids.endpoint}_${key}`);
      for (const group of names) await groups.open({ ...opening, owner: { ...owner, group } });
      const other = nthId('endpoint', 9);
      await groups.open({
        ...opening,
        owner: { ...owner, endpointId: other, group: `${other}_a` },
        delivery: { ...retrying, endpointId: other },
      });
      const first = await groups.listOfEndpoint(ids.endpoint, { limit: 2 });
      expect(first.groups.map(({ group }) => group)).toEqual(names.slice(0, 2));
      const rest = await groups.listOfEndpoint(ids.endpoint, { limit: 2, after: first.next ?? '' });
      expect(rest.groups.map(({ group }) => group)).toEqual(names.slice(2));
      expect(rest.next).toBeUndefined();
    });

    /** Opens groups, in the order of their names: blocked since a second, or waiting for a retry at one. */
    const openAt = async (
      { groups }: ParkedGroupsUnderTest,
      kind: 'blocked' | 'waiting',
      seconds: readonly number[],
    ) => {
      for (const [n, second] of seconds.entries()) {
        const retry: GroupChange = { ...headOfWaiting, reason: 'retry', notBefore: secondsLater(second) };
        const group = `${ids.endpoint}_${kind}_${n}`;
        const to = kind === 'blocked' ? blocked : retry;
        await groups.open({ owner: { ...owner, group }, to, delivery: retrying, now: secondsLater(second) });
      }
    };

    it('that are blocked are listed by the time since when', async () => {
      const store = await opened();
      await openAt(store, 'blocked', [30, 10, 20]);
      const listed = (n: number, second: number) => ({
        endpointId: ids.endpoint,
        group: `${ids.endpoint}_blocked_${n}`,
        head: blocked.head,
        reason: 'unusable',
        detail: 'x',
        since: secondsLater(second),
      });
      expect(await store.groups.listBlocked(ids.endpoint, 2)).toEqual([listed(1, 10), listed(2, 20)]);
      const from = blocked.epoch;
      const second = { ...owner, group: `${ids.endpoint}_blocked_1` };
      expect(await store.groups.move({ owner: second, from, to: { ...waiting, epoch: 8 }, now })).toBe('done');
      const third = { ...owner, group: `${ids.endpoint}_blocked_2` };
      expect(await store.groups.delete(third, { epoch: from, parks: 1 })).toBe('done');
      expect(await store.groups.listBlocked(ids.endpoint, 10)).toEqual([listed(0, 30)]);
      expect(await store.groups.move({ owner, from: waiting.epoch, to: blocked, now: secondsLater(40) })).toBe('done');
      expect((await store.groups.listBlocked(ids.endpoint, 10)).map(({ group }) => group)).toEqual([
        `${ids.endpoint}_blocked_0`,
        owner.group,
      ]);
    });

    it('that wait for a retry are found by the earliest one', async () => {
      const store = await opened();
      expect(await store.groups.findNextRetry(ids.endpoint, { maxGroups: 100 })).toBeUndefined();
      await openAt(store, 'waiting', [90, 80, 70]);
      const search = (given: { after?: string; maxGroups: number }) => store.groups.findNextRetry(ids.endpoint, given);
      expect(await search({ maxGroups: 100 })).toEqual(secondsLater(70));
      expect(await search({ maxGroups: 2 })).toEqual(secondsLater(90));
      expect(await search({ maxGroups: 1, after: `${ids.endpoint}_waiting_0` })).toEqual(secondsLater(80));
      expect(await search({ maxGroups: 9, after: `${ids.endpoint}_waiting_2` })).toBeUndefined();
    });

    it('are found by a message that is parked in them, as the head or behind it', async () => {
      const store = await opened();
      await store.groups.park({ group: owner.group, place: placeOf(2), delivery: deliveryOf(2), now });
      const groupsOf = (n: number) =>
        store.groups.listGroupsOf({ endpointId: ids.endpoint, messageId: nthId('message', n) });
      expect([await groupsOf(1), await groupsOf(2), await groupsOf(3)]).toEqual([[owner.group], [owner.group], []]);
    });
  });
}
