import type { Throttled, ThrottleRepository } from '@posthorn/core';
import { ids, startOfTests } from '../builders/ids.ts';

const throttled: Throttled = { line: 'endpoint', id: ids.endpoint };
const second = 1_000_000;
const now = startOfTests.getTime() * 1_000;

/** What every throttle repository promises. Each test gets an empty one. */
export function describeThrottleRepository(name: string, create: () => Promise<ThrottleRepository>): void {
  describe(`throttles ${name}`, () => {
    it('gives the first slot at once, and the others at the rate', async () => {
      const { reserve } = await create();
      const slots = [];
      for (let n = 0; n < 4; n += 1) slots.push(await reserve(throttled, { rate: 4, count: 1, from: now }));
      expect(slots).toEqual([now, now + second / 4, now + second / 2, now + (3 * second) / 4]);
    });

    it('gives several slots together', async () => {
      const { reserve } = await create();
      expect(await reserve(throttled, { rate: 10, count: 10, from: now })).toBe(now);
      expect(await reserve(throttled, { rate: 10, count: 5, from: now })).toBe(now + second);
      expect(await reserve(throttled, { rate: 10, count: 1, from: now })).toBe(now + 1.5 * second);
    });

    it('saves no slots while nothing is sent', async () => {
      const { reserve } = await create();
      await reserve(throttled, { rate: 1, count: 1, from: now });
      for (const expected of [10, 11])
        expect(await reserve(throttled, { rate: 1, count: 1, from: now + 10 * second })).toBe(now + expected * second);
    });

    it('starts anew when the rate has changed', async () => {
      const { reserve } = await create();
      await reserve(throttled, { rate: 1, count: 100, from: now });
      expect(await reserve(throttled, { rate: 2, count: 1, from: now })).toBe(now);
      expect(await reserve(throttled, { rate: 2, count: 1, from: now })).toBe(now + second / 2);
    });

    it('has a line for each limit', async () => {
      const { reserve } = await create();
      const all: readonly Throttled[] = [
        throttled,
        { line: 'sends', id: ids.endpoint },
        { line: 'application', id: ids.application },
        { line: 'endpoint', id: 'ep_other' },
      ];
      for (const one of all) expect(await reserve(one, { rate: 1, count: 1, from: now })).toBe(now);
    });

    it('gives each slot once to workers that ask at the same time', async () => {
      const { reserve } = await create();
      const ask = () => reserve(throttled, { rate: 10, count: 1, from: now });
      const slots = await Promise.all(Array.from({ length: 20 }, ask));
      const expected = Array.from({ length: 20 }, (_, n) => now + (n * second) / 10);
      expect(slots.toSorted((one, other) => one - other)).toEqual(expected);
    });
  });
}
