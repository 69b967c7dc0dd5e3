import { type CountedAttempt, runTogetherOrApart, type StatisticsRepository, UnusableData } from '@posthorn/core';
import type { AttemptsTableRow } from '@posthorn/models/stream-images';
import { createSettleProblems, type Problem, type SettleDeps } from '../settle-problems.ts';
import type { RunRecords } from '../stream-batch.ts';

export interface CountAttemptsDeps extends SettleDeps {
  readonly count: StatisticsRepository['count'];
}

/** Adds recorded attempts to the statistics of their endpoints. A batch that comes again changes nothing. */
export function createCountAttempts(deps: CountAttemptsDeps): RunRecords<AttemptsTableRow> {
  const settleProblems = createSettleProblems(deps);
  return async (records) => {
    const problems: Problem[] = [];
    const indexes = new Map<CountedAttempt, number>();
    for (const [index, record] of records.entries()) {
      if (record.kind === 'undecodable')
        problems.push({ index, error: new UnusableData(record.reason), concerns: { kind: 'record' } });
      else if (record.change.kind === 'inserted')
        indexes.set({ ...record.change.new, sequenceNumber: record.change.sequenceNumber }, index);
    }
    for (const { entry, error } of await runTogetherOrApart([...indexes.keys()], deps.count))
      problems.push({ index: indexes.get(entry) ?? 0, error, concerns: { kind: 'record' } });
    return settleProblems(
      records.map(({ place }) => place),
      problems,
    );
  };
}
