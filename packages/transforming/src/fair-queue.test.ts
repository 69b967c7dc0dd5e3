import { createFairQueue } from './fair-queue.ts';

it('serves tenants in turn, each in its own order', () => {
  const queue = createFairQueue<string>();
  for (const n of [1, 2, 3]) queue.add('a', `a${n}`);
  queue.add('b', 'b1');
  queue.add('c', 'c1');
  const any = () => true;
  expect(Array.from({ length: 6 }, () => queue.take(any))).toEqual(['a1', 'b1', 'c1', 'a2', 'a3', undefined]);
});

it('passes over a tenant that may not have one now', () => {
  const queue = createFairQueue<string>();
  queue.add('a', 'a1');
  queue.add('b', 'b1');
  expect(queue.take((tenant) => tenant !== 'a')).toBe('b1');
  expect(queue.take((tenant) => tenant !== 'a')).toBeUndefined();
  expect(queue.take(() => true)).toBe('a1');
});
