import { createLineBatch } from './line-batch.ts';

function aBatch() {
  const written: string[] = [];
  const waiting: (() => void)[] = [];
  const batch = createLineBatch(
    (text) => written.push(text),
    (flush) => waiting.push(flush),
  );
  /** A moment later. */
  const pass = () => {
    for (const flush of waiting.splice(0)) flush();
  };
  return { written, batch, pass };
}

it('writes the lines of a moment in one piece, in their order', () => {
  const { written, batch, pass } = aBatch();
  for (const line of ['a', 'b']) batch.add(line);
  expect(written).toEqual([]);
  pass();
  batch.add('c');
  pass();
  expect(written).toEqual(['a\nb\n', 'c\n']);
});

it('writes what is left when the process ends, and nothing twice', () => {
  const { written, batch, pass } = aBatch();
  batch.add('a');
  batch.flush();
  batch.flush();
  pass();
  expect(written).toEqual(['a\n']);
});
