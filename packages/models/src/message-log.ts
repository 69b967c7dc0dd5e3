import { entriesBehind, type LogEntry, type LogPage, type LogSlice, type MessageLogRepository } from '@posthorn/core';
import { appendBatch } from './message-log/append-batch.ts';
import { findEnd, findStart } from './message-log/find-start.ts';
import { lastPositionOf, readEntries } from './message-log/log-row.ts';
import { createReadLogRows, type ReadLogRows } from './message-log/log-rows.ts';
import type { Store } from './store.ts';

/** A batch has up to 200 entries, so one row can be enough. Of a quiet application, each row has one. */
const firstRows = 2;
const maxRows = 128;

/** The message log in DynamoDB: a row for each batch, by the position of its last entry, and one for the end. */
export function createMessageLogRepository(store: Store): MessageLogRepository {
  const readRows = createReadLogRows(store);
  return {
    append: async (applicationId, batch) => {
      if (batch.entries.length === 0) throw new RangeError('a batch of the message log has no entries');
      await appendBatch(store, readRows(applicationId), { applicationId, batch });
    },
    read: (applicationId, slice) => readEntriesBehind(readRows(applicationId), slice),
    findStart: (applicationId, after) => findStart(readRows(applicationId), after),
    findEnd: (applicationId) => findEnd(readRows(applicationId)),
  };
}

/** One entry more than asked for says whether the log has more. */
async function readEntriesBehind(readRows: ReadLogRows, { behind, limit }: LogSlice): Promise<LogPage> {
  const entries: LogEntry[] = [];
  const damaged: string[] = [];
  const toPage = (done: boolean): LogPage => ({
    entries: entries.slice(0, limit),
    done,
    ...(damaged.length > 0 && { damaged }),
  });
  let position = behind;
  let rowCount = 0;
  for (let rowLimit = firstRows; ; rowLimit = rowsFor(limit + 1 - entries.length, entries.length / rowCount)) {
    const { rows, hasMore } = await readRows({ behind: position, limit: rowLimit });
    const read = rows.map(readEntries);
    damaged.push(...read.flatMap((row) => row.damaged ?? []));
    entries.push(
      ...entriesBehind(
        position,
        read.flatMap((row) => row.entries),
      ),
    );
    const lastRow = rows.at(-1);
    if (entries.length > limit) return toPage(false);
    if (!hasMore || lastRow === undefined) return toPage(true);
    position = lastPositionOf(lastRow);
    rowCount += rows.length;
  }
}

/** How many rows to read for so many entries, if the next ones have as many as those before on average. */
const rowsFor = (missing: number, entriesPerRow: number): number =>
  Math.min(maxRows, Math.ceil(missing / Math.max(entriesPerRow, 1)));
