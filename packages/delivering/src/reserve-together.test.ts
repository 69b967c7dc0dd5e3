import { PassingError, type SlotRequest, type Throttled } from '@posthorn/core';
import { ids, inMemoryThrottles, startOfTests } from '@posthorn/testing';
import { createReserveTogether } from './reserve-together.ts';

const throttled: Throttled = { line: 'endpoint', id: ids.endpoint };
const now = startOfTests.getTime() * 1_000;
const request: SlotRequest = { rate: 10, count: 1, from: now };
const slotAfter = (n: number): number => now + n * 100_000;

function aReserver(fails: (call: number) => boolean = () => false) {
  const throttles = inMemoryThrottles();
  const counts: number[] = [];
  const reserve = createReserveTogether(
    async (one, given) => {
      counts.push(given.count);
      if (fails(counts.length)) throw new PassingError('down');
      return throttles.reserve(one, given);
    },
    () => startOfTests,
  );
  return { reserve, counts };
}

describe('reserving together', () => {
  it('gives ten deliveries of a batch their slots in two reservations', async () => {
    const { reserve, counts } = aReserver();
    const slots = await Promise.all(Array.from({ length: 10 }, () => reserve(throttled, request)));
    expect(slots).toEqual(Array.from({ length: 10 }, (_, n) => slotAfter(n)));
    expect(counts).toEqual([1, 9]);
    expect(await reserve(throttled, request)).toBe(slotAfter(10));
  });

  it('keeps lines and rates apart', async () => {
    const { reserve, counts } = aReserver();
    const other = { ...throttled, line: 'application' } as const;
    await Promise.all([
      reserve(throttled, request),
      reserve(other, request),
      reserve(throttled, { ...request, rate: 5 }),
    ]);
    expect(counts).toEqual([1, 1, 1]);
  });

  it('reserves for a later time by itself', async () => {
    const { reserve, counts } = aReserver();
    const later = { ...request, from: now + 1 };
    await Promise.all([reserve(throttled, later), reserve(throttled, later), reserve(throttled, later)]);
    expect(counts).toEqual([1, 1, 1]);
  });

  it('fails those that reserved together, and goes on', async () => {
    const { reserve } = aReserver((call) => call === 2);
    const results = await Promise.allSettled([1, 2, 3].map(() => reserve(throttled, request)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(await reserve(throttled, request)).toBe(slotAfter(1));
  });
});
