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

  it('cuts the given share of the batches, and leaves something on both sides', () => {
    const cutAt = (count: number, ...draws: number[]) =>
      createFaults({ cut: 0.5 }, { random: aRandom(...draws), die: () => undefined }).cutAt(count);
    expect(cutAt(10, 0.5)).toBe(10);
    expect(cutAt(1, 0)).toBe(1);
    expect([cutAt(10, 0.4, 0), cutAt(10, 0.4, 0.99)]).toEqual([1, 9]);
  });

  it('loses the success of the given share of the batches', () => {
    const faults = createFaults({ replay: 0.5 }, { random: aRandom(0.4, 0.6), die: () => undefined });
    expect([faults.replays(), faults.replays()]).toEqual([true, false]);
  });

  it('kills the process once, at the nth effect of the named function', () => {
    let deaths = 0;
    const plan = { exitAfterEffect: { function: 'pay', nth: 2 } };
    const faults = createFaults(plan, { random: () => 0, die: () => void deaths++ });
    for (const effect of ['pay', 'other', 'pay', 'pay']) faults.afterEffect(effect);
    expect(deaths).toBe(1);
  });
});
