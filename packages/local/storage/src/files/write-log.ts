import { type LogScan, scanLog } from './log-records.ts';

/** A write-ahead log: changes with numbers that follow each other. */
export interface WriteLogScan extends LogScan {
  /** Number of the first change, or nothing if the log is empty. */
  readonly first?: number;
  /** Number of the last change. */
  readonly last?: number;
}

const sequenceBytes = 8;
const batchHeaderBytes = 12;

/**
 * Reads the numbers of the changes in a write-ahead log, up to the first damage or up to a change.
 *
 * A record is a batch: the number of its first change (8 bytes), the count of changes (4 bytes), and the changes. The
 * numbers of a batch begin where those of the batch before end. If they do not, a batch is missing.
 *
 * @param upTo - number of a change: the scan ends with the batch before the first one that goes beyond it
 */
export function scanWriteLog(bytes: Buffer, upTo = Number.POSITIVE_INFINITY): WriteLogScan {
  let first: number | undefined;
  let last: number | undefined;
  let end = 0;
  let problem: string | undefined;
  let stopped = false;
  const scan = scanLog(bytes, (record, recordEnd) => {
    if (stopped) return;
    const batch = readBatch(record);
    problem = batch ? undefined : 'a batch is too short';
    if (batch && last !== undefined && batch.first !== last + 1) problem = `change ${last + 1} is missing`;
    stopped = batch === undefined || problem !== undefined || batch.last > upTo;
    if (stopped || batch === undefined) return;
    first ??= batch.first;
    last = batch.last;
    end = recordEnd;
  });
  const damage = problem === undefined ? scan.damage : { at: end, reason: problem, endsEarly: false };
  return {
    wholeBytes: end,
    ...(first === undefined ? {} : { first }),
    ...(last === undefined ? {} : { last }),
    ...(damage && (!stopped || problem !== undefined) ? { damage } : {}),
  };
}

function readBatch(record: Buffer): { first: number; last: number } | undefined {
  if (record.length < batchHeaderBytes) return undefined;
  const first = Number(record.readBigUInt64LE(0));
  return { first, last: first + record.readUInt32LE(sequenceBytes) - 1 };
}
