import { type CountedAttempt, runTogetherOrApart, type StatisticsRepository } from '@posthorn/core';
import type { Problem } from '../settle-problems.ts';
import type { InsertedAttempt } from './inserted-attempts.ts';

export interface CountAttemptsDeps {
  readonly count: StatisticsRepository['count'];
}

/** Adds recorded attempts to the statistics of their endpoints. A batch that comes again changes nothing. */
export async function countAttempts(
  { count }: CountAttemptsDeps,
  inserted: readonly InsertedAttempt[],
): Promise<readonly Problem[]> {
  const indexes = new Map<CountedAttempt, number>(inserted.map(({ index, attempt }) => [attempt, index]));
  const failed = await runTogetherOrApart([...indexes.keys()], count);
  return failed.map(({ entry, error }) => ({
    index: indexes.get(entry) ?? 0,
    error,
    concerns: { kind: 'record' },
  }));
}
