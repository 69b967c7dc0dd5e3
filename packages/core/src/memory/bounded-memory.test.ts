import { createBoundedMemory } from './bounded-memory.ts';

function aMemory(maxEntries = 2) {
  const clock = { ms: 0 };
  return { clock, memory: createBoundedMemory<number>({ maxEntries, now: () => clock.ms }) };
}

describe('a bounded memory', () => {
  it('forgets a value when its time is over', () => {
    const { clock, memory } = aMemory();
    memory.keep('a', 1, 10);
    clock.ms = 9;
    expect(memory.find('a')).toBe(1);
    clock.ms = 10;
    expect(memory.find('a')).toBeUndefined();
  });

  it('keeps nothing for a time of zero', () => {
    const { memory } = aMemory();
    memory.keep('a', 1, 0);
    expect(memory.find('a')).toBeUndefined();
  });

  it('forgets the oldest value to make room, and a value that is kept again counts as new', () => {
    const { memory } = aMemory();
    for (const [key, value] of [
      ['a', 1],
      ['b', 2],
      ['a', 3],
      ['c', 4],
    ] as const)
      memory.keep(key, value, 10);
    expect(['a', 'b', 'c'].map((key) => memory.find(key))).toEqual([3, undefined, 4]);
  });

  it('forgets when told to', () => {
    const { memory } = aMemory();
    memory.keep('a', 1, 10);
    memory.forget('a');
    expect(memory.find('a')).toBeUndefined();
  });
});
