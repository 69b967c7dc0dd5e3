import { createFairQueue, type Share } from './fair-queue.ts';

const any = () => true;
const shares: readonly (keyof Share)[] = ['owner', 'tenant'];

it.each(shares)('serves tenants in turn, each in its own order, by %s', (by) => {
  const queue = createFairQueue<string>(by);
  for (const n of [1, 2, 3]) queue.add({ owner: 'o', tenant: 'a' }, `a${n}`);
  queue.add({ owner: 'o', tenant: 'b' }, 'b1');
  queue.add({ owner: 'o', tenant: 'c' }, 'c1');
  expect(Array.from({ length: 6 }, () => queue.take(any))).toEqual(['a1', 'b1', 'c1', 'a2', 'a3', undefined]);
});

it.each(shares)('serves owners in turn, however many tenants one of them has, by %s', (by) => {
  const queue = createFairQueue<string>(by);
  for (const tenant of ['a', 'b', 'c']) queue.add({ owner: 'many', tenant }, tenant);
  for (const n of [1, 2]) queue.add({ owner: 'one', tenant: 'z' }, `z${n}`);
  expect(Array.from({ length: 6 }, () => queue.take(any))).toEqual(['a', 'z1', 'b', 'z2', 'c', undefined]);
});

it('passes over an owner that may not have one now, and asks for it once', () => {
  const queue = createFairQueue<string>('owner');
  for (let n = 0; n < 1_000; n += 1) queue.add({ owner: 'o', tenant: `t${n}` }, `o${n}`);
  queue.add({ owner: 'p', tenant: 'a' }, 'p1');
  const asked: string[] = [];
  const isNotO = (name: string) => {
    asked.push(name);
    return name !== 'o';
  };
  expect([queue.take(isNotO), queue.take(isNotO), queue.take(any)]).toEqual(['p1', undefined, 'o0']);
  expect(asked).toEqual(['o', 'p', 'o']);
});

it.each(shares)('forgets work that is taken out, by %s', (by) => {
  const queue = createFairQueue<string>(by);
  const leave = ['a1', 'a2', 'b1'].map((work) => queue.add({ owner: 'o', tenant: work.slice(0, 1) }, work));
  leave[0]?.();
  leave[0]?.();
  expect(queue.take(any)).toBe('a2');
  leave[1]?.();
  leave[2]?.();
  expect(queue.take(any)).toBeUndefined();
  queue.add({ owner: 'o', tenant: 'a' }, 'a3');
  expect(queue.take(any)).toBe('a3');
});

it('passes over a tenant that may not have one now', () => {
  const queue = createFairQueue<string>('tenant');
  queue.add({ owner: 'o', tenant: 'a' }, 'a1');
  queue.add({ owner: 'p', tenant: 'b' }, 'b1');
  const isNotA = (tenant: string) => tenant !== 'a';
  expect(queue.take(isNotA)).toBe('b1');
  expect(queue.take(isNotA)).toBeUndefined();
  expect(queue.take(any)).toBe('a1');
});

it('gives up all of a tenant at once', () => {
  const queue = createFairQueue<string>('tenant');
  for (const n of [1, 2]) queue.add({ owner: 'o', tenant: 'a' }, `a${n}`);
  queue.add({ owner: 'o', tenant: 'b' }, 'b1');
  expect(queue.takeAll('a')).toEqual(['a1', 'a2']);
  expect(queue.takeAll('a')).toEqual([]);
  expect([queue.take(any), queue.take(any)]).toEqual(['b1', undefined]);
});

it('gives up all of an owner at once', () => {
  const queue = createFairQueue<string>('owner');
  for (const tenant of ['a', 'b']) queue.add({ owner: 'o', tenant }, `o${tenant}`);
  queue.add({ owner: 'p', tenant: 'a' }, 'pa');
  expect(queue.takeAll('o')).toEqual(['oa', 'ob']);
  expect([queue.take(any), queue.take(any)]).toEqual(['pa', undefined]);
});
