import * as fc from 'fast-check';
import { isPassingError, PassingError } from './passing-error.ts';
import { runTogetherOrApart } from './run-together-or-apart.ts';

const outage = new PassingError('outage');
const bug = new TypeError('bug');

/** Runs entries that throw what `fate` returns. Records every batch, and the entries that were done. */
async function runAll(count: number, fate: (entry: number) => Error | undefined) {
  const batches: (readonly number[])[] = [];
  const done = new Set<number>();
  const entries = Array.from({ length: count }, (_, index) => index);
  const failed = await runTogetherOrApart(entries, async (batch) => {
    batches.push(batch);
    for (const entry of batch) {
      const error = fate(entry);
      if (error) throw error;
      done.add(entry);
    }
    return [];
  });
  return { batches, done: [...done].toSorted((one, other) => one - other), failed };
}

describe('runTogetherOrApart', () => {
  it('runs a batch once when nothing throws', async () => {
    expect(await runAll(3, () => undefined)).toEqual({ batches: [[0, 1, 2]], done: [0, 1, 2], failed: [] });
  });

  it('runs nothing for no entries', async () => {
    expect((await runAll(0, () => bug)).batches).toEqual([]);
  });

  it('returns what the run returns', async () => {
    expect(await runTogetherOrApart([1, 2], async () => [{ entry: 2, error: bug }])).toEqual([
      { entry: 2, error: bug },
    ]);
  });

  it('finds the entry that throws by halving, in order, and does all others', async () => {
    const { batches, done, failed } = await runAll(5, (entry) => (entry === 3 ? bug : undefined));
    expect(batches).toEqual([[0, 1, 2, 3, 4], [0, 1, 2], [3, 4], [3], [4]]);
    expect(done).toEqual([0, 1, 2, 4]);
    expect(failed).toEqual([{ entry: 3, error: bug }]);
  });

  it('runs nothing more after a passing error: every entry of that run and behind it fails', async () => {
    const { batches, failed } = await runAll(4, (entry) => (entry === 0 ? bug : entry === 1 ? outage : undefined));
    expect(batches).toEqual([[0, 1, 2, 3], [0, 1], [0], [1]]);
    expect(failed).toEqual([
      { entry: 0, error: bug },
      { entry: 1, error: outage },
      { entry: 2, error: outage },
      { entry: 3, error: outage },
    ]);
  });

  it('does not halve at a passing error', async () => {
    const { batches, failed } = await runAll(2, () => outage);
    expect(batches).toEqual([[0, 1]]);
    expect(failed.map(({ entry }) => entry)).toEqual([0, 1]);
  });

  it('never runs more than a logarithm of the batch for each entry that throws, and does all others', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 64 }), fc.nat(63), async (count, culprit) => {
        const { batches, done, failed } = await runAll(count, (entry) => (entry === culprit ? bug : undefined));
        expect(failed.map(({ entry }) => entry)).toEqual(culprit < count ? [culprit] : []);
        expect(done).toHaveLength(culprit < count ? count - 1 : count);
        expect(batches.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(count)) + 1);
        expect(failed.some(({ error }) => isPassingError(error))).toBe(false);
      }),
      { seed: 1 },
    );
  });
});
