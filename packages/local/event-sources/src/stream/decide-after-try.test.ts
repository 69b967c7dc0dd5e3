import fc from 'fast-check';
import type { BatchOutcome } from '../batch-response.ts';
import { aChange } from '../testing/builders.ts';
import { type Batch, decideAfterTry, type NextTries, splitByAge } from './decide-after-try.ts';

const policy = { maximumRetryAttempts: -1, bisectBatchOnFunctionError: false, maximumRecordAgeInSeconds: -1 };
const aBatch = (count: number, retries = 0): Batch => ({
  changes: Array.from({ length: count }, (_, index) => aChange(String(index + 1))),
  retries,
});
const failed: BatchOutcome = { kind: 'failed', reason: 'thrown' };
const failedAt = (...ids: string[]): BatchOutcome => ({ kind: 'partly-failed', ids: new Set(ids) });

const summary = ({ done, givenUp, again }: NextTries) => ({
  done: numbers(done),
  givenUp: numbers(givenUp),
  again: again.map(({ changes, retries }) => [numbers(changes), retries]),
});
const numbers = (changes: Batch['changes']) => changes.map(({ sequenceNumber }) => Number(sequenceNumber));

describe('deciding after a try of a batch', () => {
  it('is done after success', () => {
    expect(summary(decideAfterTry(aBatch(2), { kind: 'succeeded' }, policy))).toEqual({
      done: [1, 2],
      givenUp: [],
      again: [],
    });
  });

  it('continues at the lowest failed change, even if later ones succeeded', () => {
    const next = decideAfterTry(aBatch(4), failedAt('4', '2'), policy);
    expect(summary(next)).toEqual({ done: [1], givenUp: [], again: [[[2, 3, 4], 1]] });
  });

  it('tries the whole batch again after a thrown error', () => {
    expect(summary(decideAfterTry(aBatch(2, 4), failed, policy)).again).toEqual([[[1, 2], 5]]);
  });

  it('splits a batch in two without counting it as a retry', () => {
    const next = decideAfterTry(aBatch(3), failed, {
      ...policy,
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 0,
    });
    expect(summary(next)).toEqual({
      done: [],
      givenUp: [],
      again: [
        [[1, 2], 0],
        [[3], 0],
      ],
    });
  });

  it('splits at the failed change that was reported', () => {
    const bisecting = { ...policy, bisectBatchOnFunctionError: true, maximumRetryAttempts: 0 };
    expect(summary(decideAfterTry(aBatch(3), failedAt('2'), bisecting))).toEqual({
      done: [1],
      givenUp: [],
      again: [[[2, 3], 0]],
    });
  });

  it('gives up after the last retry', () => {
    const limited = { ...policy, maximumRetryAttempts: 2 };
    expect(summary(decideAfterTry(aBatch(1, 1), failed, limited)).again).toEqual([[[1], 2]]);
    expect(summary(decideAfterTry(aBatch(1, 2), failed, limited))).toEqual({ done: [], givenUp: [1], again: [] });
  });

  it('never gives up if the retries have no limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.nat(1_000_000), fc.boolean(), (count, retries, bisect) => {
        const rules = { ...policy, bisectBatchOnFunctionError: bisect };
        expect(decideAfterTry(aBatch(count, retries), failed, rules).givenUp).toEqual([]);
        expect(decideAfterTry(aBatch(count, retries), failedAt('1'), rules).givenUp).toEqual([]);
      }),
      { seed: 1 },
    );
  });

  it('halves a batch that always fails down to its first change, and tries that change again for ever', () => {
    const rules = { ...policy, bisectBatchOnFunctionError: true };
    let batches: readonly Batch[] = [aBatch(8)];
    const tried: number[][] = [];
    for (let tries = 0; tries < 40; tries += 1) {
      const [batch = aBatch(0), ...later] = batches;
      tried.push(numbers(batch.changes));
      const { done, givenUp, again } = decideAfterTry(batch, failedAt(tried.at(-1)?.[0]?.toString() ?? ''), rules);
      expect([done, givenUp]).toEqual([[], []]);
      batches = [...again, ...later];
    }
    expect(tried.slice(0, 5)).toEqual([[1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4], [1, 2], [1], [1]]);
    expect(tried.slice(4)).toEqual(Array(36).fill([1]));
    expect(batches.flatMap(({ changes }) => numbers(changes))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('settles every change exactly once and in order, whatever fails and whenever', () => {
    const anOutcome = fc.oneof(
      fc.constant(failed),
      fc.constant<BatchOutcome>({ kind: 'succeeded' }),
      fc.nat(9).map((index) => index),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.boolean(),
        fc.nat(3),
        fc.infiniteStream(anOutcome),
        (count, bisect, retries, outcomes) => {
          const rules = { ...policy, bisectBatchOnFunctionError: bisect, maximumRetryAttempts: retries };
          const settled: number[] = [];
          let batches: readonly Batch[] = [aBatch(count)];
          for (let batch = batches[0]; batch !== undefined; batch = batches[0]) {
            const drawn = outcomes.next().value;
            const outcome = typeof drawn === 'number' ? failedAt(pick(batch, drawn)) : drawn;
            const { done, givenUp, again } = decideAfterTry(batch, outcome, rules);
            settled.push(...numbers(done), ...numbers(givenUp));
            batches = [...again, ...batches.slice(1)];
          }
          expect(settled).toEqual(numbers(aBatch(count).changes));
        },
      ),
    );
  });
});

const pick = ({ changes }: Batch, index: number): string => changes[index % changes.length]?.sequenceNumber ?? '';

describe('splitting by age', () => {
  const old = aChange('1', { arrivedAt: new Date('2026-01-01T00:00:00Z') });
  const young = aChange('2', { arrivedAt: new Date('2026-01-01T00:01:00Z') });
  const now = new Date('2026-01-01T00:02:00Z');
  const since = new Date('2025-12-31T00:00:00Z');
  const limited = { ...policy, maximumRecordAgeInSeconds: 90 };

  it('separates the records that are too old', () => {
    const parts = splitByAge([old, young], { now, since }, limited);
    expect(parts).toEqual({ tooOld: [old], fresh: [young] });
  });

  it('treats no record as too old without a limit', () => {
    expect(splitByAge([old, young], { now, since }, policy)).toEqual({ tooOld: [], fresh: [old, young] });
  });

  it('does not count the time before the mapping started', () => {
    const justStarted = new Date('2026-01-01T00:01:00Z');
    expect(splitByAge([old, young], { now, since: justStarted }, limited)).toEqual({ tooOld: [], fresh: [old, young] });
  });
});
