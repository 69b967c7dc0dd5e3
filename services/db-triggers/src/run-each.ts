import { type DecodedRecord, isPassingError, type RowChange, UnusableData } from '@posthorn/core';
import { createSettleProblems, type Problem, type SettleDeps } from './settle-problems.ts';
import type { RunRecords } from './stream-batch.ts';

type Work<Row> = (change: RowChange<Row>) => Promise<void>;

/**
 * Works on the records of a batch one by one, in their order. A permanent failure sets its record aside, and the others
 * go on. A passing failure ends the batch.
 */
export const createRunEach = <Row>(deps: SettleDeps, work: Work<Row>): RunRecords<Row> =>
  createRunBatch(deps, () => work);

/** The same, with work that begins with each batch: it can keep what it has read until the batch ends. */
export function createRunBatch<Row>(deps: SettleDeps, begin: () => Work<Row>): RunRecords<Row> {
  const settleProblems = createSettleProblems(deps);
  const tryRecord = async (work: Work<Row>, record: DecodedRecord<Row>) => {
    if (record.kind === 'undecodable') throw new UnusableData(record.reason);
    await work(record.change);
  };
  return async (records) => {
    const work = begin();
    const problems: Problem[] = [];
    for (const [index, record] of records.entries()) {
      try {
        await tryRecord(work, record);
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
