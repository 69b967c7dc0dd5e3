import type { Delivery } from '@posthorn/core';
import { aDelivery, ids, inMemoryThrottles, nthId, secondsLater, startOfTests } from '@posthorn/testing';
import { createTakeTurn, type Turn } from './throttle.ts';

function aThrottle({ application, slowRate }: { readonly application?: number; readonly slowRate?: number } = {}) {
  const throttles = inMemoryThrottles();
  const reserved: string[] = [];
  const slept: number[] = [];
  let now = startOfTests;
  const takeTurn = createTakeTurn({
    reserve: async (throttled, request) => {
      reserved.push(`${throttled.line} ${throttled.id}`);
      return throttles.reserve(throttled, request);
    },
    findApplicationRate: async () => application,
    ...(slowRate !== undefined && { slowRate }),
    clock: () => now,
    sleep: async (ms) => void slept.push(ms),
  });
  return { takeTurn, reserved, slept, moveTo: (time: Date) => (now = time) };
}

/** The delivery as it comes back after it waited. */
const deferred = (delivery: Delivery, turn: Turn): Delivery => {
  if (turn.kind !== 'wait') throw new Error('it did not wait');
  return { ...delivery, notBefore: turn.until, slot: turn.slot };
};

describe('takeTurn', () => {
  it('reserves nothing without a limit', async () => {
    const { takeTurn, reserved } = aThrottle();
    expect(await takeTurn(aDelivery(), {})).toEqual({ kind: 'go' });
    expect(reserved).toEqual([]);
  });

  it.each([
    ['endpoint', `endpoint ${ids.endpoint}`],
    ['application', `application ${ids.application}`],
  ] as const)('spaces deliveries by the limit of the %s', async (name, line) => {
    const { takeTurn, reserved, slept } = aThrottle(name === 'application' ? { application: 1 } : {});
    const endpoint = name === 'endpoint' ? { throttleRate: 1 } : {};
    const rates = { [name]: 1 };
    expect(await takeTurn(aDelivery(), endpoint)).toEqual({ kind: 'go' });
    expect(await takeTurn(aDelivery(), endpoint)).toEqual({ kind: 'go' });
    expect(slept).toEqual([1_000]);
    const slot = { of: 'all', rates, tries: 1 };
    expect(await takeTurn(aDelivery(), endpoint)).toEqual({ kind: 'wait', until: secondsLater(2), slot });
    expect(reserved).toEqual([line, line, line]);
  });

  it('lets a delivery use the slot that it waited for, and reserves no other', async () => {
    const { takeTurn, reserved, slept, moveTo } = aThrottle();
    const take = (delivery: Delivery) => takeTurn(delivery, { throttleRate: 1 });
    for (const _ of [1, 2]) await take(aDelivery());
    const waiting = deferred(aDelivery(), await take(aDelivery()));
    reserved.length = slept.length = 0;
    moveTo(secondsLater(1.25));
    expect(await take(waiting)).toEqual({ kind: 'go' });
    expect([reserved, slept]).toEqual([[], [750]]);
    moveTo(secondsLater(3));
    expect(await take(waiting)).toEqual({ kind: 'go' });
    expect(reserved).toEqual([]);
  });

  it('reserves another slot for a delivery that missed its own, or when the rate has changed', async () => {
    const { takeTurn, reserved, moveTo } = aThrottle();
    for (const _ of [1, 2, 3]) await takeTurn(aDelivery(), { throttleRate: 1 });
    const waiting = deferred(aDelivery(), await takeTurn(aDelivery(), { throttleRate: 1 }));
    moveTo(secondsLater(2));
    reserved.length = 0;
    expect(await takeTurn(waiting, { throttleRate: 2 })).toEqual({ kind: 'go' });
    expect(await takeTurn(waiting, {})).toEqual({ kind: 'go' });
    expect(reserved).toHaveLength(1);
    moveTo(secondsLater(4.001));
    for (const _ of [1, 2]) await takeTurn(aDelivery(), { throttleRate: 1 });
    expect(await takeTurn(waiting, { throttleRate: 1 })).toEqual({
      kind: 'wait',
      until: secondsLater(6.001),
      slot: { of: 'all', rates: { endpoint: 1 }, tries: 2 },
    });
  });

  it('takes no slot of the application before the turn at the endpoint', async () => {
    const { takeTurn, reserved, moveTo } = aThrottle({ application: 10 });
    const take = (delivery: Delivery) => takeTurn(delivery, { throttleRate: 1 });
    for (const _ of [1, 2]) await take(aDelivery());
    reserved.length = 0;
    const turn = await take(aDelivery());
    const slot = { of: 'endpoint', rates: { endpoint: 1 }, tries: 1 };
    expect(turn).toEqual({ kind: 'wait', until: secondsLater(2), slot });
    expect(reserved).toEqual([`endpoint ${ids.endpoint}`]);
    moveTo(secondsLater(2));
    reserved.length = 0;
    expect(await take(deferred(aDelivery(), turn))).toEqual({ kind: 'go' });
    expect(reserved).toEqual([`application ${ids.application}`, `sends ${ids.endpoint}`]);
  });

  it.each(['endpoint', 'sends'] as const)(
    'sends late ones with an `%s` slot at the rate, not all at once',
    async (of) => {
      const { takeTurn, slept, moveTo } = aThrottle({ application: 5 });
      const endpoint = { throttleRate: 5 };
      // Three seconds ago the application had a free slot.
      moveTo(secondsLater(10));
      await takeTurn(aDelivery({ endpointId: nthId('endpoint', 2) }), endpoint);
      moveTo(secondsLater(13));
      const slot = { of, rates: { endpoint: 5 }, tries: 2 };
      const late = Array.from({ length: 20 }, (_, n) =>
        aDelivery({ messageId: nthId('message', n), notBefore: secondsLater(9.5), slot }),
      );
      slept.length = 0;
      let went = 0;
      for (const delivery of late) if ((await takeTurn(delivery, endpoint)).kind === 'go') went += 1;
      expect(went).toBeGreaterThan(0);
      expect(went).toBeLessThanOrEqual(6);
      // Each that goes but the first one waits for its slot.
      expect(new Set(slept).size).toBe(went - 1);
    },
  );

  describe('of a slow endpoint', () => {
    const slow = { health: { failures: 0, slowUntil: secondsLater(600) } };
    const line = `slow ${ids.application}`;

    it('shares a line with all slow ones of the application', async () => {
      const { takeTurn, reserved } = aThrottle({ slowRate: 1 });
      const other = aDelivery({ endpointId: nthId('endpoint', 2) });
      for (const delivery of [aDelivery(), other]) expect(await takeTurn(delivery, slow)).toEqual({ kind: 'go' });
      const slot = { of: 'slow', rates: { slow: 1 }, tries: 1 };
      expect(await takeTurn(aDelivery(), slow)).toEqual({ kind: 'wait', until: secondsLater(2), slot });
      expect(reserved).toEqual([line, line, line]);
    });

    it('reserves nothing while it is not slow, or where slow ones have no rate', async () => {
      const [paced, free] = [aThrottle({ slowRate: 1 }), aThrottle()];
      expect(await paced.takeTurn(aDelivery(), { health: { failures: 0, slowUntil: startOfTests } })).toEqual({
        kind: 'go',
      });
      expect(await free.takeTurn(aDelivery(), slow)).toEqual({ kind: 'go' });
      expect([paced.reserved, free.reserved]).toEqual([[], []]);
    });

    it('is attempted at its turn, and at once if it is no longer slow then', async () => {
      const { takeTurn, reserved, moveTo } = aThrottle({ slowRate: 1 });
      for (const _ of [1, 2]) await takeTurn(aDelivery(), slow);
      const waiting = deferred(aDelivery(), await takeTurn(aDelivery(), slow));
      reserved.length = 0;
      expect(await takeTurn(waiting, slow)).toMatchObject({ kind: 'wait', until: secondsLater(2) });
      moveTo(secondsLater(2));
      expect(await takeTurn(waiting, slow)).toEqual({ kind: 'go' });
      expect(await takeTurn(waiting, {})).toEqual({ kind: 'go' });
      expect(reserved).toEqual([]);
    });

    it('then takes its turn at its own limits, and waits for the slow ones only once', async () => {
      const { takeTurn, reserved, moveTo } = aThrottle({ slowRate: 50, application: 40 });
      const limited = { ...slow, throttleRate: 1 };
      for (const _ of [1, 2]) await takeTurn(aDelivery(), limited);
      const turn = await takeTurn(aDelivery(), limited);
      const slot = { of: 'endpoint', rates: { slow: 50, endpoint: 1 }, tries: 1 };
      expect(turn).toMatchObject({ kind: 'wait', slot });
      moveTo(secondsLater(2));
      reserved.length = 0;
      expect(await takeTurn(deferred(aDelivery(), turn), limited)).toEqual({ kind: 'go' });
      expect(reserved).toEqual([`application ${ids.application}`, `sends ${ids.endpoint}`]);
    });

    it('does not use a slot that it had before it was slow', async () => {
      const { takeTurn, reserved } = aThrottle({ slowRate: 1 });
      for (const _ of [1, 2]) await takeTurn(aDelivery(), { throttleRate: 1 });
      const waiting = deferred(aDelivery(), await takeTurn(aDelivery(), { throttleRate: 1 }));
      reserved.length = 0;
      await takeTurn(waiting, { ...slow, throttleRate: 1 });
      expect(reserved).toEqual([line, `endpoint ${ids.endpoint}`]);
    });
  });
});
