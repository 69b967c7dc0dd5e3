import type { Delivery, EndpointHealth, StoredDelivery, StoredGroup, Wake } from '@posthorn/core';
import { anEndpoint, aStoredDelivery, ids, nthId, secondsLater, startOfTests } from '@posthorn/testing';
import { type Recovery, runRecovery } from '../fixtures/a-recovering-endpoint.ts';
import { createWakeEndpoint } from './wake-endpoint.ts';

const held = 20;
const arrivals = [10, 29.9, 30, 30.1, 33, 36, 41, 60, 200];
const count = held + arrivals.length;
const recovery: Recovery = { held, arrivals, deadSeconds: 20 };

describe('held deliveries', () => {
  it('are drained after a probe that succeeds, at a rising rate, and the breaker closes', async () => {
    const { delivered, failedAttempts, unrecorded, stored, breaker } = await runRecovery(recovery);
    expect(delivered.size).toBe(count);
    expect([failedAttempts, unrecorded]).toEqual([0, 0]);
    expect([stored, breaker]).toEqual([[], undefined]);
  });

  it('cost one request for each probe while the endpoint stays dead', async () => {
    // Probes after 30 s, 90 s, 210 s, 450 s and 930 s.
    const { delivered, failedAttempts, stored, breaker } = await runRecovery({ ...recovery, deadSeconds: 900 });
    expect([delivered.size, failedAttempts]).toEqual([count, 4]);
    expect([stored, breaker]).toEqual([[], undefined]);
  });

  it('are probed one after the other, at once, while code cancels them', async () => {
    const { delivered, stored, breaker, seconds } = await runRecovery({
      held: 60,
      arrivals: [],
      deadSeconds: 20,
      canceled: 40,
    });
    expect([delivered.size, stored, breaker]).toEqual([60, [], undefined]);
    // The first probe comes after 30 s, and each of the 40 that are canceled costs a second. The rest is the drain.
    expect(seconds).toBeLessThan(300);
  });

  it('have the same waits whether or not code cancels some of them', async () => {
    const dead = { held: 60, arrivals: [], deadSeconds: 900 };
    const plain = await runRecovery(dead);
    const { failedAttempts, delivered } = await runRecovery({ ...dead, canceled: 5 });
    expect([failedAttempts, delivered.size]).toEqual([plain.failedAttempts, 60]);
  });

  it('need no wake: without any, the next delivery is the probe', async () => {
    const { delivered, stored, breaker } = await runRecovery({ held: 0, arrivals: [300, 301, 400], deadSeconds: 20 });
    expect([delivered.size, stored, breaker]).toEqual([3, [], undefined]);
  });

  it.each([0, 1.5, 3, 10, 30, 59])(
    'are all found although the index is %d s behind, and sent once each',
    async (lagSeconds) => {
      const { delivered, stored, breaker, sentAgain } = await runRecovery({ ...recovery, lagSeconds });
      expect([delivered.size, stored, breaker, sentAgain]).toEqual([count, [], undefined, 0]);
    },
  );

  it.each([3, 20])('are sent once each if more than a step sends are in an index that is %d s behind', async (lag) => {
    const many = { held: 2_500, arrivals: [], deadSeconds: 20, lagSeconds: lag };
    const { delivered, stored, breaker, sentAgain } = await runRecovery(many);
    expect([delivered.size, stored, breaker, sentAgain]).toEqual([2_500, [], undefined, 0]);
  });

  it.each([35, 37, 39, 41, 43, 45, 47])(
    'are all drained although failures from second %d are stored while a step is made',
    async (from) => {
      const deadAgain = [from, from + 3] as const;
      const { delivered, stored, breaker } = await runRecovery({ ...recovery, deadAgain, isInterrupted: true });
      expect([delivered.size, stored, breaker]).toEqual([count, [], undefined]);
    },
  );

  it.each([20, 900])('of a destination, beside its groups, are drained too: dead for %d s', async (deadSeconds) => {
    const { delivered, stored, breaker } = await runRecovery({ ...recovery, deadSeconds, isDestination: true });
    expect([delivered.size, stored, breaker]).toEqual([count, [], undefined]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'are all drained although write %d of health is slower than the wake of its next step',
    async (slowWrite) => {
      const { delivered, stored, breaker } = await runRecovery({ ...recovery, slowWrite });
      expect([delivered.size, stored, breaker]).toEqual([count, [], undefined]);
    },
  );

  it('end as canceled, with the reason, if the endpoint is disabled', async () => {
    const { delivered, stored } = await runRecovery({ ...recovery, deadSeconds: 900, disabledAfter: 25 });
    expect(delivered.size).toBe(0);
    expect(stored).toHaveLength(count);
    for (const one of stored) expect(one).toMatchObject({ state: 'canceled', reason: 'endpoint_disabled' });
  });
});

describe('a worker that dies at any effect', () => {
  it.each([
    ['of a recovery', recovery],
    ['of a recovery with probes that fail', { ...recovery, deadSeconds: 100 }],
    ['of a recovery with an index that is behind', { ...recovery, lagSeconds: 3 }],
    ['while code cancels probes', { held: 8, arrivals: [], deadSeconds: 20, canceled: 4 }],
    ['while failures are stored', { ...recovery, deadAgain: [39, 42], isInterrupted: true }],
    ['while the endpoint is disabled', { ...recovery, deadSeconds: 900, disabledAfter: 25 }],
  ] as const)('leaves no delivery behind, and sends at most one request again: %s', async (_, setup) => {
    const { effects, delivered: all, stored: left } = await runRecovery(setup);
    for (let effect = 1; effect <= effects; effect += 1)
      for (const when of ['before', 'after'] as const) {
        const end = await runRecovery({ ...setup, crash: { effect, when } });
        expect({ effect, when, delivered: end.delivered.size, left: end.stored.length }).toEqual({
          effect,
          when,
          delivered: all.size,
          left: left.length,
        });
        expect(end.unrecorded).toBeLessThanOrEqual(1);
        if (setup.deadSeconds < 900) expect(end.breaker).toBeUndefined();
      }
  });
});

describe('the groups of a destination that has recovered', () => {
  const now = secondsLater(60);
  const epoch = now.getTime() - 2_000;
  const recovered = { failures: 0, breaker: { epoch, openUntil: now, step: 1, drained: 2 } };
  const aGroup = (n: number, overrides: Partial<StoredGroup> = {}): StoredGroup => ({
    organisationId: ids.organisation,
    applicationId: ids.application,
    endpointId: ids.endpoint,
    group: `${ids.endpoint}#${n}`,
    state: 'waiting',
    epoch: n,
    head: ids.message,
    place: '1'.padStart(20, '0'),
    attempt: 1,
    notBefore: secondsLater(900),
    reason: 'endpoint-failing',
    parks: 1,
    since: startOfTests,
    ...overrides,
  });

  async function aWake(
    pages: readonly (readonly StoredGroup[])[],
    held: readonly StoredDelivery[] = [],
    health: EndpointHealth = recovered,
  ) {
    const sent: Wake[] = [];
    const released: Delivery[] = [];
    const planned: Wake[] = [];
    const stored: EndpointHealth[] = [];
    const wakeEndpoint = createWakeEndpoint({
      hasApplication: async () => true,
      findEndpoint: async () => anEndpoint({ order: { onExhausted: 'block' }, health }),
      listDeliveries: async (_, { limit }) => ({ items: held.slice(0, limit), done: true }),
      findDeliveries: async () => held,
      listGroups: async (_, { after = '0' }) => {
        const next = Number(after) + 1;
        return { groups: pages[Number(after)] ?? [], ...(next < pages.length && { next: String(next) }) };
      },
      sendWakes: async (entries) => {
        sent.push(...entries.map(({ wake }) => wake));
        return [];
      },
      replaceHealth: async (_, { next }) => {
        stored.push(next);
        return 'stored';
      },
      planWake: async (wake) => void planned.push(wake),
      insertWake: async (wake) => void planned.push(wake),
      deleteDue: async () => undefined,
      deleteWakes: async () => undefined,
      sendStandard: async (entries) => {
        released.push(...entries.map(({ delivery }) => delivery));
        return [];
      },
      moveOn: async () => 'stored',
      clock: () => now,
      log: aLog(),
      counters: { add: () => undefined },
    });
    const wake = { organisationId: ids.organisation, applicationId: ids.application, endpointId: ids.endpoint };
    await wakeEndpoint({ wake: { ...wake, epoch, at: now, slice: 0 } });
    return { sent, released, planned, stored };
  }

  it('are woken before their wait is over, as many as the step of the drain allows', async () => {
    const others = [aGroup(1, { reason: 'retry' }), aGroup(2, { state: 'blocked', reason: 'exhausted' })];
    const failing = [3, 4, 5, 6, 7].map((n) => aGroup(n));
    const { sent, planned, stored } = await aWake([[...others, ...failing.slice(0, 1)], failing.slice(1)]);
    expect(sent.map(({ group, epoch: of }) => [group, of])).toEqual(
      [3, 4, 5, 6].map((n) => [`${ids.endpoint}#${n}`, n]),
    );
    expect(planned).toMatchObject([{ epoch: now.getTime(), at: secondsLater(62) }]);
    expect(stored).toMatchObject([{ breaker: { drained: 3 } }]);
  });

  it('are probed by one of them while the breaker is open, if nothing is held beside them', async () => {
    const open = { failures: 10, breaker: { epoch, openUntil: now, step: 1 } };
    const groups = [[aGroup(1, { reason: 'retry' }), aGroup(2), aGroup(3)]];
    const { sent, stored } = await aWake(groups, [], open);
    expect(sent.map(({ group }) => group)).toEqual([`${ids.endpoint}#2`]);
    // The head of the group stores the next step of the breaker.
    expect(stored).toEqual([]);
  });

  it('come after what a task has begun again beside them, in the same step', async () => {
    const held = [1, 2, 3].map((n) =>
      aStoredDelivery({ state: 'held', reason: 'endpoint-failing' }, { messageId: nthId('message', n) }),
    );
    const { sent, released, stored } = await aWake([[aGroup(1), aGroup(2)]], held);
    expect(released.map(({ messageId }) => messageId)).toEqual([1, 2, 3].map((n) => nthId('message', n)));
    expect(sent).toMatchObject([{ group: `${ids.endpoint}#1` }]);
    expect(stored).toMatchObject([{ breaker: { drained: 3 } }]);
  });

  it('are looked for once more a minute after the breaker has closed', async () => {
    const { sent, planned, stored } = await aWake([[aGroup(1, { reason: 'retry' })]]);
    expect([sent, stored]).toEqual([[], [{ failures: 0 }]]);
    expect(planned).toMatchObject([{ at: secondsLater(120), slice: 1 }]);
  });
});

const aLog = () => ({ info: () => undefined, warn: () => undefined, error: () => undefined });
