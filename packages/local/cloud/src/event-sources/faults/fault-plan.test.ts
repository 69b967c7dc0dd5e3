import { createFaults, readFaultPlan } from './fault-plan.ts';

const aRandom = (...values: number[]) => {
  let index = 0;
  return () => values[index++ % values.length] ?? 0;
};

describe('the fault plan', () => {
  it('of the environment comes before the configured one', () => {
    expect(readFaultPlan('{"duplicate":0.5}', { reorder: true })).toEqual({ duplicate: 0.5 });
    expect(readFaultPlan(undefined, { reorder: true })).toEqual({ reorder: true });
  });

  it('duplicates its share of the batches', () => {
    const faults = createFaults({ duplicate: 0.5 }, { random: aRandom(0.4, 0.6), die: () => undefined });
    expect([faults.duplicates(), faults.duplicates()]).toEqual([true, false]);
  });

  it('reorders by chance', () => {
    const faults = createFaults({ reorder: true }, { random: aRandom(0.9, 0.5, 0.1), die: () => undefined });
    expect(faults.reorder(['a', 'b', 'c'])).toEqual(['c', 'b', 'a']);
  });

  it("dies at the named function's nth effect, once", () => {
    let deaths = 0;
    const plan = { exitAfterEffect: { function: 'pay', nth: 2 } };
    const faults = createFaults(plan, { random: () => 0, die: () => void deaths++ });
    for (const effect of ['pay', 'other', 'pay', 'pay']) faults.afterEffect(effect);
    expect(deaths).toBe(1);
  });
});
