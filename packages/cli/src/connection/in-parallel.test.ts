import fc from 'fast-check';
import { inParallel } from './in-parallel.ts';

it('returns the results in the order of the items, whichever ends first', () =>
  fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(fc.nat()), async (scheduler, items) => {
      const results = inParallel(items, (item) => scheduler.schedule(Promise.resolve(item * 2)));
      await scheduler.waitFor(results);
      expect(await results).toEqual(items.map((item) => item * 2));
    }),
  ));

it('runs some at the same time, and never more than eight', async () => {
  let [running, most] = [0, 0];
  await inParallel(Array.from({ length: 40 }), async () => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
  });
  expect(most).toBe(8);
});

it('fails with the first failure', async () => {
  const run = async (item: number) => {
    if (item === 2) throw new Error('two');
    return item;
  };
  await expect(inParallel([1, 2, 3], run)).rejects.toThrow('two');
});
