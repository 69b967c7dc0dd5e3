import { createSequences, type Sequences } from './sequences.ts';

/** What the store has after a write with one new number, if its reservation is durable. */
const storedBy = ({ changes }: ReturnType<Sequences['reserve']>) =>
  changes.map((change) => (change.type === 'put' ? Number(change.value) : undefined));

it('reserves numbers in blocks, and again when a block is used up', () => {
  const sequences = createSequences(500);
  expect(sequences.next()).toBe(501);
  const first = sequences.reserve();
  first.succeeded();
  const [upTo = 0] = storedBy(first);
  expect(upTo).toBeGreaterThan(501);
  while (sequences.next() < upTo) expect(sequences.reserve().changes).toEqual([]);
  sequences.next();
  expect(storedBy(sequences.reserve())).not.toEqual([]);
});

it('gives no number twice after a restart if the write that reserved it was refused and the next one was not', () => {
  const sequences = createSequences(0);
  sequences.next();
  // A full disk refuses this write. The next one is stored before that is known.
  sequences.reserve();
  const written = sequences.next();
  const [stored = 0] = storedBy(sequences.reserve());
  expect(createSequences(stored).next()).toBeGreaterThan(written);
});
