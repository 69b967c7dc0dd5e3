import { createTurns } from './turns.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));

it('runs as many as allowed at a time, and the others in their order', async () => {
  const turns = createTurns(2);
  const started: number[] = [];
  const ends = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const all = ends.map(({ promise }, index) =>
    turns(1, () => {
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
  const failed = turns(1, () => Promise.reject(new Error('no')));
  const next = turns(1, async () => 'done');
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('done');
  expect(await turns(1, async () => 'again')).toBe('again');
});

it('lets heavy work run beside less, and the heaviest alone, without overtaking', async () => {
  const turns = createTurns(3);
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const start = (name: string, weight: number) =>
    turns(weight, () => {
      started.push(name);
      return new Promise<void>((resolve) => ends.set(name, resolve));
    });
  const all = [start('light', 1), start('heavy', 2), start('heaviest', 99), start('last', 1)];
  await settle();
  expect(started).toEqual(['light', 'heavy']);
  ends.get('heavy')?.();
  await settle();
  expect(started).toEqual(['light', 'heavy']);
  ends.get('light')?.();
  await settle();
  expect(started).toEqual(['light', 'heavy', 'heaviest']);
  ends.get('heaviest')?.();
  await settle();
  ends.get('last')?.();
  await Promise.all(all);
  expect(started.at(-1)).toBe('last');
});
