import { createFaults, readFaultPlan } from './fault-plan.ts';

const aRandom = (...values: number[]) => {
  let index = 0;
  return () => values[index++ % values.length] ?? 0;
};

describe('the fault plan', () => {
  it('in the environment overrides the configured one', () => {
    expect(readFaultPlan('{"duplicate":0.5}', { reorder: true })).toEqual({ duplicate: 0.5 });
    expect(readFaultPlan(undefined, { reorder: true })).toEqual({ reorder: true });
  });

  it('duplicates the given share of the batches', () => {
    const faults = createFaults({ duplicate: 0.5 }, { random: aRandom(0.4, 0.6), die: () => undefined });
    expect([faults.duplicates(), faults.duplicates()]).toEqual([true, false]);
  });

  it('reorders messages at random', () => {
    const faults = createFaults({ reorder: true }, { random: aRandom(0.9, 0.5, 0.1), die: () => undefined });
    expect(faults.reorder(['a', 'b', 'c'])).toEqual(['c', 'b', 'a']);
  });

  it('kills the process once, at the nth effect of the named function', () => {
    let deaths = 0;
    const plan = { exitAfterEffect: { function: 'pay', nth: 2 } };
    const faults = createFaults(plan, { random: () => 0, die: () => void deaths++ });
    for (const effect of ['pay', 'other', 'pay', 'pay']) faults.afterEffect(effect);
    expect(deaths).toBe(1);
  });
});
