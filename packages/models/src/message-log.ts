import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { entriesBehind, type LogEntry, type LogPage, type LogSlice, type MessageLogRepository } from '@posthorn/core';
import { findStart } from './message-log/find-start.ts';
import { lastPositionOf, readEntries, toLogRow } from './message-log/log-row.ts';
import { createReadLogRows, type ReadLogRows } from './message-log/log-rows.ts';
import { toItem } from './rows/row.ts';
import type { Store } from './store.ts';

/** A batch has up to 200 entries, so few rows can be enough. Of a quiet application, each row has one. */
const firstRows = 8;
const maxRows = 128;

/** The message log in DynamoDB: a row for each batch, by the position of its last entry. */
export function createMessageLogRepository(store: Store): MessageLogRepository {
  const TableName = tableName(store.stage, 'message-log');
  const readRows = createReadLogRows(store);
  const read: MessageLogRepository['read'] = (applicationId, slice) =>
    readEntriesBehind(readRows(applicationId), slice);
  return {
    append: async (applicationId, batch) => {
      await store.client.send(new PutItemCommand({ TableName, Item: toItem(await toLogRow(applicationId, batch)) }));
    },
    read,
    findStart: (applicationId, after) =>
      findStart({ readRows: readRows(applicationId), readEntries: (slice) => read(applicationId, slice) }, after),
  };
}

/** One entry more than asked for says whether the log has more. */
async function readEntriesBehind(readRows: ReadLogRows, { behind, limit }: LogSlice): Promise<LogPage> {
  const entries: LogEntry[] = [];
  let position = behind;
  for (let rowLimit = firstRows; ; rowLimit = Math.min(rowLimit * 2, maxRows)) {
    const { rows, hasMore } = await readRows({ behind: position, limit: rowLimit });
    entries.push(...entriesBehind(position, rows.flatMap(readEntries)));
    const lastRow = rows.at(-1);
    if (entries.length > limit) return { entries: entries.slice(0, limit), done: false };
    if (!hasMore || lastRow === undefined) return { entries, done: true };
    position = lastPositionOf(lastRow);
  }
}
