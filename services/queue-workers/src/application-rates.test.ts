import { PassingError } from '@posthorn/core';
import { aDelivery, nthId } from '@posthorn/testing';
import { rememberRates } from './application-rates.ts';

function aMemory(rates: readonly (number | undefined | Error)[]) {
  let [reads, now] = [0, 0];
  const find = rememberRates(
    async () => {
      const rate = rates[reads];
      reads += 1;
      if (rate instanceof Error) throw rate;
      return rate;
    },
    () => now,
  );
  const moveTo = (ms: number): void => {
    now = ms;
  };
  return { find, reads: () => reads, moveTo };
}

describe('the limits of applications', () => {
  it('are read once in five seconds, also if there is none and if many ask at once', async () => {
    const { find, reads, moveTo } = aMemory([undefined, 5]);
    expect(await Promise.all([1, 2, 3].map(() => find(aDelivery())))).toEqual([undefined, undefined, undefined]);
    moveTo(4_999);
    expect([await find(aDelivery()), reads()]).toEqual([undefined, 1]);
    moveTo(5_000);
    expect([await find(aDelivery()), reads()]).toEqual([5, 2]);
  });

  it('are kept apart', async () => {
    const { find } = aMemory([1, 2]);
    const other = aDelivery({ applicationId: nthId('application', 2) });
    expect([await find(aDelivery()), await find(other), await find(aDelivery())]).toEqual([1, 2, 1]);
  });

  it('are read again after an error', async () => {
    const { find } = aMemory([new PassingError('down'), 7]);
    await expect(find(aDelivery())).rejects.toThrow('down');
    expect(await find(aDelivery())).toBe(7);
  });
});
