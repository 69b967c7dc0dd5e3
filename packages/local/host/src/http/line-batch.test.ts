import { setImmediate as nextTurn } from 'node:timers/promises';
import { createLineBatch } from './line-batch.ts';

it('writes the lines of a turn in one piece, in their order', async () => {
  const written: string[] = [];
  const batch = createLineBatch((text) => written.push(text));
  for (const line of ['a', 'b']) batch.add(line);
  expect(written).toEqual([]);
  await nextTurn();
  batch.add('c');
  await nextTurn();
  expect(written).toEqual(['a\nb\n', 'c\n']);
});

it('writes what is left when the process ends, and nothing twice', async () => {
  const written: string[] = [];
  const batch = createLineBatch((text) => written.push(text));
  batch.add('a');
  batch.flush();
  batch.flush();
  await nextTurn();
  expect(written).toEqual(['a\n']);
});
