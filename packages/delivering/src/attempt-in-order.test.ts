import { attemptIdOf, type Delivery } from '@posthorn/core';
import { aDelivery, aStoredDelivery, inMemoryDeliveries, secondsLater } from '@posthorn/testing';
import { createAttemptInOrder } from './attempt-in-order.ts';
import { accepted, anAttemptWorld, gone, rejected } from './fixtures/attempt-world.ts';

type Given = Parameters<typeof anAttemptWorld>[0] & { readonly wasAccepted?: boolean };

async function anOrderedWorld({ wasAccepted = false, ...given }: Given = {}) {
  const world = await anAttemptWorld({ endpoint: { order: { onExhausted: 'block' } }, ...given });
  const deliveries = inMemoryDeliveries();
  const inOrder = {
    findDelivery: deliveries.find,
    deleteEnded: deliveries.deleteEnded,
    wasAccepted: async () => wasAccepted,
  };
  const attempt = createAttemptInOrder({ ...world.deps, ...inOrder });
  return { ...world, deliveries, attempt, delivery: aDelivery() };
}
const nth = (attemptNumber: number, seconds: number): Delivery =>
  aDelivery({ attemptNumber, scheduledAt: secondsLater(seconds) });

/** Makes all planned attempts. All of them fail. */
async function useUp({ attempt, moveTo, delivery }: Awaited<ReturnType<typeof anOrderedWorld>>) {
  for (const seconds of [0, 5, 305, 2_105]) {
    moveTo(secondsLater(seconds));
    await attempt({ delivery });
  }
}

describe('an attempt in order', () => {
  it('is made at once the first time, after one read of the records', async () => {
    const { attempt, delivery, reads, sent } = await anOrderedWorld();
    expect(await attempt({ delivery })).toEqual({ kind: 'through' });
    expect(reads).toEqual([attemptIdOf(delivery)]);
    expect(await attempt({ delivery })).toEqual({ kind: 'through' });
    expect(sent).toHaveLength(1);
  });

  it('waits for its planned time, and is found from each of the attempts before it', async () => {
    const { attempt, delivery, moveTo, sent } = await anOrderedWorld({ answers: [rejected, accepted] });
    const waits = { kind: 'waits', until: secondsLater(5), reason: 'retry', item: nth(2, 5) };
    expect(await attempt({ delivery })).toEqual(waits);
    expect(await attempt({ delivery: nth(2, 5) })).toEqual(waits);
    expect(await attempt({ delivery })).toEqual(waits);
    expect(sent).toHaveLength(1);
    moveTo(secondsLater(5));
    expect(await attempt({ delivery })).toEqual({ kind: 'through' });
  });

  it('is made before its time if it is asked for by its number, once', async () => {
    const { attempt, delivery, sent } = await anOrderedWorld({ answers: [rejected] });
    await attempt({ delivery });
    expect(await attempt({ delivery, now: 2 })).toMatchObject({ kind: 'waits', until: secondsLater(300) });
    expect(await attempt({ delivery, now: 2 })).toMatchObject({ kind: 'waits', until: secondsLater(300) });
    expect(sent).toHaveLength(2);
  });

  it('is not planned when the retries are used up, and can be asked for by its number', async () => {
    const world = await anOrderedWorld({ answers: [rejected] });
    const { attempt, delivery, sent, attempts } = world;
    await useUp(world);
    const usedUp = { kind: 'used-up', why: 'exhausted', policy: 'block', last: nth(4, 2_105), item: nth(5, 2_105) };
    expect(await attempt({ delivery })).toEqual(usedUp);
    expect(await attempt({ delivery, now: 4 })).toEqual(usedUp);
    expect(sent).toHaveLength(4);
    world.moveTo(secondsLater(9_000));
    expect(await attempt({ delivery, now: 5 })).toMatchObject({ kind: 'used-up', item: nth(6, 9_000) });
    expect(await attempt({ delivery, now: 5 })).toMatchObject({ kind: 'used-up', item: nth(6, 9_000) });
    expect(sent).toHaveLength(5);
    expect(attempts.all().map(({ attemptNumber }) => attemptNumber)).toEqual([1, 2, 3, 4, 5]);
  });

  it('ends the delivery if it was asked for and is accepted, also for copies that come later', async () => {
    const world = await anOrderedWorld({ answers: [rejected, rejected, rejected, rejected, accepted] });
    await useUp(world);
    expect(await world.attempt({ delivery: nth(5, 2_105), now: 5 })).toEqual({ kind: 'through' });
    expect(await world.attempt({ delivery: world.delivery })).toEqual({ kind: 'through' });
  });

  it('is not made if it is asked for and an attempt beside the group was accepted', async () => {
    const world = await anOrderedWorld({ answers: [rejected], wasAccepted: true });
    await useUp(world);
    expect(await world.attempt({ delivery: nth(5, 2_105), now: 5 })).toEqual({ kind: 'through' });
    expect(world.sent).toHaveLength(4);
  });

  it('ends a delivery that was accepted by an answer which asks to disable the endpoint, and tells when', async () => {
    const asks = { ...accepted, outcome: { kind: 'accepted', status: 200, asks: 'disable' } } as const;
    const { attempt, delivery, sent } = await anOrderedWorld({ answers: [asks] });
    const through = { kind: 'through', goneAt: secondsLater(0) };
    for (const _ of [1, 2]) expect(await attempt({ delivery })).toEqual(through);
    expect(await attempt({ delivery, now: 2 })).toEqual(through);
    expect(sent).toHaveLength(1);
  });

  it.each([
    [true, 'through'],
    [false, 'used-up'],
  ])(
    'looks for an accepted resend when it was the last one, or the message has expired: %s',
    async (isAccepted, kind) => {
      const world = await anOrderedWorld({ answers: [rejected], wasAccepted: isAccepted });
      const { attempt } = world;
      for (const seconds of [0, 5, 305]) {
        world.moveTo(secondsLater(seconds));
        expect(await attempt({ delivery: world.delivery })).toMatchObject({ kind: 'waits' });
      }
      world.moveTo(secondsLater(2_105));
      expect(await attempt({ delivery: world.delivery })).toMatchObject({ kind });
      world.moveTo(secondsLater(1_000 * 86_400));
      expect(await attempt({ delivery: aDelivery({ scheduledAt: secondsLater(1) }) })).toMatchObject({ kind });
    },
  );

  it('can be asked for after an endpoint that was gone is back', async () => {
    const { attempt, delivery } = await anOrderedWorld({ answers: [gone, accepted] });
    const isGone = { kind: 'gone', item: nth(2, 0), attemptedAt: secondsLater(0) };
    expect(await attempt({ delivery })).toEqual(isGone);
    expect(await attempt({ delivery })).toEqual(isGone);
    expect(await attempt({ delivery, now: 2 })).toEqual({ kind: 'through' });
  });

  it('is not made for a delivery that has ended', async () => {
    const { attempt, delivery, deliveries, sent } = await anOrderedWorld();
    await deliveries.put(aStoredDelivery({ state: 'failed', reason: 'skipped' }));
    expect(await attempt({ delivery })).toEqual({ kind: 'through' });
    expect(sent).toEqual([]);
  });

  it('is made for a delivery that was set aside, when its job comes back, and it is no longer stored then', async () => {
    const { attempt, delivery, deliveries, sent } = await anOrderedWorld();
    await deliveries.put(aStoredDelivery({ state: 'failed', reason: 'set_aside' }));
    expect(await attempt({ delivery })).toEqual({ kind: 'through' });
    expect(sent).toHaveLength(1);
    expect(deliveries.all()).toEqual([]);
  });

  it('is not made if the endpoint is disabled or deleted, or the message has expired', async () => {
    const { attempt, delivery, endpoints, clock, moveTo } = await anOrderedWorld();
    moveTo(secondsLater(1_000 * 86_400));
    expect(await attempt({ delivery })).toMatchObject({ kind: 'used-up', why: 'message-expired', last: delivery });
    moveTo(secondsLater(0));
    await endpoints.disable(delivery, clock());
    expect(await attempt({ delivery })).toEqual({ kind: 'endpoint-disabled', item: delivery });
    for (const endpoint of endpoints.all()) await endpoints.delete(endpoint, clock());
    expect(await attempt({ delivery })).toEqual({ kind: 'endpoint-deleted', item: delivery });
  });

  it('that another worker has recorded meanwhile counts as that worker recorded it', async () => {
    const world = await anOrderedWorld();
    const recordAttempt = async (made: Parameters<typeof world.deps.recordAttempt>[0]) => {
      await world.deps.recordAttempt(made);
      return world.deps.recordAttempt(made);
    };
    const { find, deleteEnded } = world.deliveries;
    const inOrder = { findDelivery: find, deleteEnded, wasAccepted: async () => false };
    const attempt = createAttemptInOrder({ ...world.deps, ...inOrder, recordAttempt });
    expect(await attempt({ delivery: world.delivery })).toEqual({ kind: 'overtaken' });
  });

  it('throws our own fault, and records no attempt for it', async () => {
    const { attempt, delivery, attempts } = await anOrderedWorld({ answers: [new TypeError('x is not a function')] });
    await expect(attempt({ delivery })).rejects.toThrow(TypeError);
    expect(attempts.all()).toEqual([]);
  });
});
