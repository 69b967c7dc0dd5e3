import { createTurns } from './turns.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));

it('runs as many as allowed at a time, and the others in their order', async () => {
  const turns = createTurns(2);
  const started: number[] = [];
  const ends = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const all = ends.map(({ promise }, index) =>
    turns(() => {
      started.push(index);
      return promise;
    }),
  );
  await settle();
  expect(started).toEqual([0, 1]);
  ends[1]?.resolve();
  await settle();
  expect(started).toEqual([0, 1, 2]);
  for (const { resolve } of ends) resolve();
  await Promise.all(all);
  expect(started).toEqual([0, 1, 2, 3]);
});

it('gives the turn of work that failed to the next', async () => {
  const turns = createTurns(1);
  const failed = turns(() => Promise.reject(new Error('no')));
  const next = turns(async () => 'done');
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('done');
  expect(await turns(async () => 'again')).toBe('again');
});
