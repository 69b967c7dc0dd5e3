import type { GroupChange } from '@posthorn/core';
import { aDelivery, ids, inMemoryParkedGroups, nthId, nthMessageId, secondsLater } from '@posthorn/testing';
import { readState, readStates } from './destination-state.ts';
import type { ReadGroupsDeps } from './read-groups.ts';

type Given = Pick<GroupChange, 'state' | 'reason'>;
const throttled: Given = { state: 'waiting', reason: 'throttled' };
const retry: Given = { state: 'waiting', reason: 'retry' };
const blocked: Given = { state: 'blocked', reason: 'exhausted' };
const nextRetryAt = secondsLater(60).toISOString();
const head = nthMessageId(1, 'ordered');

/** The groups of one destination, in the order of their names. */
async function groupsOf(endpointId: string, all: readonly Given[]) {
  const groups = inMemoryParkedGroups(async () => undefined);
  for (const [index, given] of all.entries()) {
    const group = `${endpointId}_${String(index).padStart(6, '0')}`;
    const owner = { organisationId: ids.organisation, applicationId: ids.application, endpointId, group };
    const waits = given.state === 'waiting' ? { notBefore: secondsLater(60) } : {};
    const to = { ...given, ...waits, epoch: 1, head, place: '1'.padStart(40, '0'), attempt: 3 };
    await groups.open({ owner, to, delivery: aDelivery({ messageId: head, endpointId }), now: secondsLater(5) });
  }
  return groups;
}

/** Destinations with their groups, and a count of the groups that are looked at. */
async function aWorld(...given: readonly (readonly Given[])[]) {
  const destinations = given.map((_, n) => ({ endpointId: nthId('endpoint', n), disabled: false }));
  const stored = new Map<string, ReadGroupsDeps>();
  for (const [n, all] of given.entries()) stored.set(nthId('endpoint', n), await groupsOf(nthId('endpoint', n), all));
  const none = inMemoryParkedGroups(async () => undefined);
  const of = (endpointId: string) => stored.get(endpointId) ?? none;
  const read = { groups: 0 };
  const groups: ReadGroupsDeps = {
    find: (key) => of(key.endpointId).find(key),
    listBlocked: (endpointId, limit) => of(endpointId).listBlocked(endpointId, limit),
    listOfEndpoint: async (endpointId, page) => {
      const found = await of(endpointId).listOfEndpoint(endpointId, page);
      read.groups += found.groups.length;
      return found;
    },
    findNextRetry: async (endpointId, search) => {
      read.groups += search.maxGroups;
      return of(endpointId).findNextRetry(endpointId, search);
    },
  };
  const statesOf = async () => (await readStates(groups, destinations)).map(({ state }) => state);
  return { groups, read, destinations, statesOf };
}

const times = (count: number, given: Given): readonly Given[] => new Array(count).fill(given);

describe('the states of a page of destinations', () => {
  it.each([
    [50, 220],
    [250, 45],
  ])('cost no more groups than the state of one destination: %i with %i groups', async (count, each) => {
    const { statesOf, read } = await aWorld(...new Array(count).fill(times(each, throttled)));
    expect(await statesOf()).toHaveLength(count);
    expect(read.groups).toBeLessThanOrEqual(10_000);
  });

  it('are those of each destination alone, if only one of them has many groups', async () => {
    const many = [...times(3_000, throttled), retry];
    const { statesOf, groups, destinations } = await aWorld([], many, [blocked], [throttled], [retry]);
    const failureReason = `${head}: all retries failed`;
    const states = await statesOf();
    expect(states).toEqual([
      { status: 'enabled', failureReason: null, nextRetryAt: null },
      { status: 'retrying', failureReason: null, nextRetryAt },
      { status: 'paused', failureReason, nextRetryAt: null },
      { status: 'enabled', failureReason: null, nextRetryAt: null },
      { status: 'retrying', failureReason: null, nextRetryAt },
    ]);
    expect(await Promise.all(destinations.map((one) => readState(groups, one)))).toEqual(states);
  });

  it('show every destination that is blocked, wherever its group is', async () => {
    const { statesOf } = await aWorld(...new Array(45).fill([...times(240, throttled), blocked]));
    expect((await statesOf()).map(({ status }) => status)).toEqual(new Array(45).fill('paused'));
  });

  it('show a blocked group that was read, also while the index is behind', async () => {
    const { groups, destinations } = await aWorld(...new Array(45).fill([blocked, ...times(240, throttled)]));
    const states = await readStates({ ...groups, listBlocked: async () => [] }, destinations);
    expect(states.map(({ state }) => state.status)).toEqual(new Array(45).fill('paused'));
  });

  it('miss a retry behind the groups that a page may look at, which the destination alone shows', async () => {
    const { statesOf, groups, destinations } = await aWorld(...new Array(45).fill([...times(240, throttled), retry]));
    expect(new Set((await statesOf()).map(({ status }) => status))).toEqual(new Set(['enabled']));
    const [first] = destinations;
    expect(first && (await readState(groups, first))).toMatchObject({ status: 'retrying', nextRetryAt });
  });

  it('read no groups of a destination that is disabled', async () => {
    const { groups, read, destinations } = await aWorld([blocked], [retry]);
    const disabled = destinations.map((one) => ({ ...one, disabled: true }));
    const state = { status: 'disabled', failureReason: null, nextRetryAt: null };
    expect(await readStates(groups, disabled)).toEqual(disabled.map((destination) => ({ destination, state })));
    expect(read.groups).toBe(0);
  });
});
