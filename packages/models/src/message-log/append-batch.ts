import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { type LogBatch, mayBeRepeated, PassingError, placeBehind, recentRows, startOfLog } from '@posthorn/core';
import { createPlaceholders } from '../rows/placeholders.ts';
import { retryDelay } from '../rows/retry-delay.ts';
import { toItem } from '../rows/row.ts';
import { getRow } from '../rows/row-access.ts';
import { transact } from '../rows/transact.ts';
import type { Store } from '../store.ts';
import { type LogEnd, logEndKey, readEntries, readLogEnd, toLogEnd, toLogRow } from './log-row.ts';
import type { ReadLogRows } from './log-rows.ts';

const maxTries = 8;

/**
 * Appends a batch at the end of a log. The row and the new end are written together, and only if the end is still the one
 * that was read, so a reader who has passed the end has passed everything before it.
 */
export async function appendBatch(
  store: Store,
  readRows: ReadLogRows,
  { applicationId, batch }: { readonly applicationId: string; readonly batch: LogBatch },
): Promise<void> {
  const table = tableName(store.stage, 'message-log');
  for (let tries = 1; tries <= maxTries; tries += 1) {
    const row = await getRow(store, { tableName: table, key: logEndKey(applicationId) });
    const end = row && readLogEnd(row);
    const entries = placeBehind(end?.position ?? startOfLog, await newEntries(readRows, batch, end));
    const last = entries.at(-1);
    if (last === undefined) return;
    // Rows are searched for a time by halves, so no row may be earlier than the one before.
    const committedAt = end && end.committedAt > batch.committedAt ? end.committedAt : batch.committedAt;
    const refused = await transact(store, [
      { Put: { TableName: table, Item: toItem(await toLogRow(applicationId, { ...batch, entries, committedAt })) } },
      moveEnd(table, { applicationId, from: row?.position, to: { position: last.sequence, committedAt } }),
    ]);
    if (refused.length === 0) return;
    await retryDelay(tries);
  }
  throw new PassingError('another batch was appended to the message log at each try');
}

/** The entries of a batch that are not in the last rows of the log. These are only read if the batch may be there. */
async function newEntries(readRows: ReadLogRows, { entries }: LogBatch, end: LogEnd | undefined) {
  if (end === undefined || !mayBeRepeated(end.position, entries)) return entries;
  const { rows } = await readRows({ behind: startOfLog, limit: recentRows, descends: true });
  const recent = new Set(rows.flatMap((row) => readEntries(row).entries.map(({ messageId }) => messageId)));
  return entries.filter(({ messageId }) => !recent.has(messageId));
}

interface EndMove {
  readonly applicationId: string;
  /** As it is stored. Absent: the log has no end yet. */
  readonly from: unknown;
  readonly to: LogEnd;
}

function moveEnd(table: string, { applicationId, from, to }: EndMove): TransactWriteItem {
  const Item = toItem(toLogEnd(applicationId, to));
  if (typeof from !== 'string') {
    const isNew = {
      ConditionExpression: 'attribute_not_exists(#entry)',
      ExpressionAttributeNames: { '#entry': 'entry' },
    };
    return { Put: { TableName: table, Item, ...isNew } };
  }
  const { name, value, given } = createPlaceholders();
  const ConditionExpression = `${name('position')} = ${value(from)}`;
  return { Put: { TableName: table, Item, ConditionExpression, ...given() } };
}
