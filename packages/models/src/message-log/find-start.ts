import { entriesBehind, isSince, type LogPosition, positionBefore, startOfLog } from '@posthorn/core';
import { instantOf, type Row } from '../rows/row.ts';
import { lastPositionOf, readEntries } from './log-row.ts';
import type { ReadLogRows } from './log-rows.ts';

/**
 * More than the clocks of the stream and of a function that accepts messages differ. So all messages of a batch that was
 * committed by then were accepted earlier.
 */
const clockSkewMs = 60_000;
/** The first message is in the next rows, or up to a minute of the log behind them. */
const firstRows = 2;
const maxRows = 512;

/**
 * The position right before the first entry whose message was accepted at a time or later. The batches are searched by
 * halves, because a log can have millions of them: at most about as many reads as a position has bits.
 */
export async function findStart(readRows: ReadLogRows, since: Date): Promise<LogPosition> {
  const last = await lastBatch(readRows);
  if (last === undefined) return startOfLog;
  const isEarly = (row: Row) => instantOf(row, 'at').getTime() < since.getTime() - clockSkewMs;
  if (isEarly(last)) return lastPositionOf(last);
  const behind = await lastEarlyBatch(readRows, isEarly, lastPositionOf(last));
  return findFirst(readRows, behind, since);
}

/** The position of the last entry. If all batches have expired, there is nothing to read from the start of the log on. */
export async function findEnd(readRows: ReadLogRows): Promise<LogPosition> {
  const last = await lastBatch(readRows);
  return last === undefined ? startOfLog : lastPositionOf(last);
}

const lastBatch = async (readRows: ReadLogRows): Promise<Row | undefined> =>
  (await readRows({ behind: startOfLog, limit: 1, descends: true })).rows[0];

/** The position of the last batch that is too early, or the start of the log. `upTo`: of a batch that is not too early. */
async function lastEarlyBatch(
  readRows: ReadLogRows,
  isEarly: (row: Row) => boolean,
  upTo: LogPosition,
): Promise<LogPosition> {
  const [first] = (await readRows({ behind: startOfLog, limit: 1 })).rows;
  if (first === undefined || !isEarly(first)) return startOfLog;
  let early = BigInt(lastPositionOf(first));
  let late = BigInt(upTo);
  // Batches at or before `early` are too early, and those at or behind `late` are not.
  while (late > early + 1n) {
    const middle = early + (late - early) / 2n;
    const [row] = (await readRows({ behind: String(middle - 1n), upTo: String(late - 1n), limit: 1 })).rows;
    if (row !== undefined && isEarly(row)) early = BigInt(lastPositionOf(row));
    else late = middle;
  }
  return String(early);
}

async function findFirst(readRows: ReadLogRows, behind: LogPosition, since: Date): Promise<LogPosition> {
  let position = behind;
  for (let limit = firstRows; ; limit = Math.min(limit * 4, maxRows)) {
    const { rows, hasMore } = await readRows({ behind: position, limit });
    const entries = entriesBehind(
      position,
      rows.flatMap((row) => readEntries(row).entries),
    );
    const found = entries.find((entry) => isSince(entry, since));
    if (found) return positionBefore(found);
    const lastRow = rows.at(-1);
    position = lastRow ? lastPositionOf(lastRow) : position;
    if (!hasMore) return position;
  }
}
