import { noteOnce } from './note-once.ts';

it('notes many changes at once, and each one by a note that began after it', async () => {
  const begun: number[] = [];
  let changes = 0;
  const note = noteOnce(async () => {
    begun.push(changes);
    await new Promise((resolve) => setImmediate(resolve));
  });
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      changes += 1;
      const mine = changes;
      await note('org');
      expect(begun.at(-1)).toBeGreaterThanOrEqual(mine);
    }),
  );
  expect(begun).toEqual([1, 20]);
});

it('goes on after a note that failed', async () => {
  let isBroken = true;
  const note = noteOnce(async () => {
    if (isBroken) throw new Error('no answer');
  });
  const results = Promise.allSettled([note('org'), note('other')]);
  isBroken = false;
  expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await note('org');
});
