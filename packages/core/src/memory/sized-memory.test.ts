import { createSizedMemory } from './sized-memory.ts';

describe('a memory of a limited size', () => {
  it('forgets what was used the longest time ago', () => {
    const memory = createSizedMemory<number>(10);
    for (const n of [1, 2, 3]) memory.keep(`k${n}`, n, 3);
    memory.find('k1');
    memory.keep('k4', 4, 3);
    expect(['k1', 'k2', 'k3', 'k4'].map(memory.find)).toEqual([1, undefined, 3, 4]);
  });

  it('forgets as many as a large one needs, and keeps none that is too large', () => {
    const memory = createSizedMemory<number>(10);
    for (const n of [1, 2, 3]) memory.keep(`k${n}`, n, 3);
    memory.keep('large', 4, 8);
    expect(['k1', 'k2', 'k3', 'large'].map(memory.find)).toEqual([undefined, undefined, undefined, 4]);
    memory.keep('larger', 5, 11);
    expect(['large', 'larger'].map(memory.find)).toEqual([4, undefined]);
  });

  it('replaces a value and its size', () => {
    const memory = createSizedMemory<number>(10);
    for (const n of [1, 2, 3]) memory.keep('k', n, 6);
    memory.keep('other', 9, 4);
    expect([memory.find('k'), memory.find('other')]).toEqual([3, 9]);
  });
});
