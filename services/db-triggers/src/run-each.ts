import { type DecodedRecord, isPassingError, type RowChange, UnusableData } from '@posthorn/core';
import { createSettleProblems, type Problem, type SettleDeps } from './settle-problems.ts';
import type { RunRecords } from './stream-batch.ts';

/**
 * Works on the records of a batch one by one, in their order. A permanent failure sets its record aside, and the others
 * go on. A passing failure ends the batch.
 */
export function createRunEach<Row>(deps: SettleDeps, work: (change: RowChange<Row>) => Promise<void>): RunRecords<Row> {
  const settleProblems = createSettleProblems(deps);
  const tryRecord = async (record: DecodedRecord<Row>) => {
    if (record.kind === 'undecodable') throw new UnusableData(record.reason);
    await work(record.change);
  };
  return async (records) => {
    const problems: Problem[] = [];
    for (const [index, record] of records.entries()) {
      try {
        await tryRecord(record);
      } catch (error) {
        problems.push({ index, error, concerns: { kind: 'record' } });
        if (isPassingError(error)) break;
      }
    }
    return settleProblems(
      records.map(({ place }) => place),
      problems,
    );
  };
}
