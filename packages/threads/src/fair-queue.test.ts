import { createFairQueue } from './fair-queue.ts';

const any = () => true;

it('serves tenants in turn, each in its own order', () => {
  const queue = createFairQueue<string>();
  for (const n of [1, 2, 3]) queue.add({ owner: 'o', tenant: 'a' }, `a${n}`);
  queue.add({ owner: 'o', tenant: 'b' }, 'b1');
  queue.add({ owner: 'o', tenant: 'c' }, 'c1');
  expect(Array.from({ length: 6 }, () => queue.take(any))).toEqual(['a1', 'b1', 'c1', 'a2', 'a3', undefined]);
});

it('serves owners in turn, however many tenants one of them has', () => {
  const queue = createFairQueue<string>();
  for (const tenant of ['a', 'b', 'c']) queue.add({ owner: 'many', tenant }, tenant);
  for (const n of [1, 2]) queue.add({ owner: 'one', tenant: 'z' }, `z${n}`);
  expect(Array.from({ length: 6 }, () => queue.take(any))).toEqual(['a', 'z1', 'b', 'z2', 'c', undefined]);
});

it('passes over a tenant that may not have one now', () => {
  const queue = createFairQueue<string>();
  queue.add({ owner: 'o', tenant: 'a' }, 'a1');
  queue.add({ owner: 'p', tenant: 'b' }, 'b1');
  expect(queue.take(({ tenant }) => tenant !== 'a')).toBe('b1');
  expect(queue.take(({ tenant }) => tenant !== 'a')).toBeUndefined();
  expect(queue.take(any)).toBe('a1');
});

it('gives up all of a tenant at once', () => {
  const queue = createFairQueue<string>();
  for (const n of [1, 2]) queue.add({ owner: 'o', tenant: 'a' }, `a${n}`);
  queue.add({ owner: 'o', tenant: 'b' }, 'b1');
  expect(queue.takeAll(({ tenant }) => tenant === 'a')).toEqual(['a1', 'a2']);
  expect(queue.takeAll(({ tenant }) => tenant === 'a')).toEqual([]);
  expect([queue.take(any), queue.take(any)]).toEqual(['b1', undefined]);
});
