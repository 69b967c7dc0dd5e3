import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Message } from '@posthorn/core';
import { type Row, toItem } from '../rows/row.ts';
import { tryConditionalWrite } from '../rows/row-access.ts';
import { rowBytes } from '../rows/row-size.ts';
import { chunkKeysOf, toStoredBody } from './message-body.ts';
import { toMessageRow } from './message-row.ts';
import type { MessagesTable } from './messages-table.ts';
import { removeRows } from './remove-chunks.ts';

/** The table, and which bodies are deflated. */
export interface InsertingTable extends MessagesTable {
  readonly deflateFrom?: number | undefined;
}

/** Writes the message's own row last. After a crash before that, unused chunks are left until they expire. */
export async function insertMessage(table: InsertingTable, message: Message): Promise<'inserted' | 'exists'> {
  const row = toMessageRow(message);
  const { attributes, chunks } = await toStoredBody(message, {
    otherBytes: rowBytes({ ...row, body: '' }),
    deflateFrom: table.deflateFrom,
  });
  await Promise.all(chunks.map((chunk) => putRow(table, chunk)));
  const put = new PutItemCommand({
    TableName: table.tableName,
    Item: toItem({ ...row, ...attributes }),
    ConditionExpression: 'attribute_not_exists(#row)',
    ExpressionAttributeNames: { '#row': 'row' },
    ...(chunks.length > 0 && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const }),
  });
  const written = await tryConditionalWrite(table.client.send(put));
  if (!written.refused) return 'inserted';
  // The message is repeated after it was expunged: its body must not come back.
  if (written.by.expungedAt !== undefined) await removeRows(table, chunkKeysOf({ ...row, ...attributes }));
  return 'exists';
}

export async function putRow({ client, tableName }: MessagesTable, row: Row): Promise<void> {
  await client.send(new PutItemCommand({ TableName: tableName, Item: toItem(row) }));
}
