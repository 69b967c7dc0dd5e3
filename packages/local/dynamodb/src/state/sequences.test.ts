import { createSequences, type Sequences } from './sequences.ts';

/** What the store has after a write with one new number, if its reservation is durable. */
const storedBy = ({ changes }: ReturnType<Sequences['reserve']>) =>
  changes.map((change) => (change.type === 'put' ? Number(change.value) : undefined));

it('reserves numbers in blocks, and again when a block is used up', () => {
  const sequences = createSequences(500, 0);
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
  const sequences = createSequences(0, 0);
  sequences.next();
  // A full disk refuses this write. The next one is stored before that is known.
  sequences.reserve();
  const written = sequences.next();
  const [stored = 0] = storedBy(sequences.reserve());
  expect(createSequences(stored, 0).next()).toBeGreaterThan(written);
});

const opened = Date.UTC(2026, 5, 1);
const numbersOf = (sequences: ReturnType<typeof createSequences>, count: number) =>
  Array.from({ length: count }, () => sequences.next());

describe('sequence numbers', () => {
  it('grow by one', () => {
    const sequences = createSequences(7, 0);
    expect([...numbersOf(sequences, 2), sequences.last()]).toEqual([8, 9, 9]);
  });

  it('go on behind what is stored, also if the clock was set back', () => {
    const stored = createSequences(0, opened).next() + 10_000;
    expect(createSequences(stored, opened - 60_000).next()).toBe(stored + 1);
  });

  it('of a restored folder are none that lost records had, up to a million a second', () => {
    const lost = createSequences(0, opened);
    // A backup was taken now. The store gave numbers for another ten milliseconds.
    const stored = lost.last();
    const last = numbersOf(lost, 10_000).at(-1) ?? 0;
    expect(createSequences(stored, opened + 10).next()).toBeGreaterThan(last);
  });

  it('stay exact for two centuries', () => {
    const late = createSequences(0, Date.UTC(2226, 0, 1));
    const [one = 0, other = 0] = numbersOf(late, 2);
    expect(other - one).toBe(1);
    expect(Number.isSafeInteger(other)).toBe(true);
    expect(String(other).length).toBeLessThanOrEqual(16);
  });
});
