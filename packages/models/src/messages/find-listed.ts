import { isId, type ListedMessage, type Message } from '@posthorn/core';
import { expiryOf } from '../rows/expiry.ts';
import type { Row } from '../rows/row.ts';
import { getRow, getRows } from '../rows/row-access.ts';
import { chunkKeysOf, readBody } from './message-body.ts';
import { listedAttributes, messageKey, readListedMessage } from './message-row.ts';
import type { MessagesTable } from './messages-table.ts';

/** Which message to find. */
export interface FindRequest extends Pick<Message, 'applicationId' | 'messageId'> {
  readonly now: Date;
  /** Looks without consistency, which costs half. */
  readonly mayBeStale?: boolean;
}

/** Finds a message with its body, or without one if it was expunged. */
export async function findListed(table: MessagesTable, request: FindRequest): Promise<ListedMessage | undefined> {
  const row = await readRow(table, request);
  if (!row) return undefined;
  const message = readListedMessage(row);
  const body = await loadBody(table, row);
  if (body !== undefined) return { ...message, body };
  if (message.expungedAt !== undefined) return message;
  // Its chunks are gone. They have expired, or the message was expunged after its row was read.
  const later = await readRow(table, { ...request, mayBeStale: false });
  return later?.expungedAt === undefined ? undefined : readListedMessage(later);
}

/** Finds many messages, without their bodies and without consistency. No message may be asked for twice. */
export async function findAll(
  table: MessagesTable,
  request: { readonly applicationId: string; readonly messageIds: readonly string[]; readonly now: Date },
): Promise<readonly ListedMessage[]> {
  const { applicationId, messageIds, now } = request;
  const keys = messageIds.map((messageId) => messageKey({ applicationId, messageId }));
  const reading = { tableName: table.tableName, attributes: listedAttributes, mayBeStale: true };
  const rows = await getRows(table, { ...reading, keys });
  return rows.map(readListedMessage).filter(({ expiresAt }) => expiresAt > now);
}

/** The message, if it can be sent. */
export const toSendable = (message: ListedMessage | undefined): Message | undefined =>
  message?.body === undefined ? undefined : { ...message, body: message.body };

async function readRow(
  table: MessagesTable,
  { now, mayBeStale = false, ...ids }: FindRequest,
): Promise<Row | undefined> {
  if (!isId('message', ids.messageId)) return undefined;
  const row = await getRow(table, { tableName: table.tableName, key: messageKey(ids), mayBeStale });
  return row && expiryOf(row) > now ? row : undefined;
}

/** The bodies of rows, in the same order. A body is `undefined` if it was expunged, or its chunks are gone. */
export const loadBodies = (table: MessagesTable, rows: readonly Row[]): Promise<readonly (string | undefined)[]> =>
  Promise.all(rows.map((row) => loadBody(table, row)));

async function loadBody(table: MessagesTable, row: Row): Promise<string | undefined> {
  if (row.expungedAt !== undefined) return undefined;
  const keys = chunkKeysOf(row);
  const read = await Promise.all(keys.map((key) => getRow(table, { tableName: table.tableName, key })));
  const chunks = read.filter((chunk) => chunk !== undefined);
  return chunks.length === keys.length ? readBody(row, chunks) : undefined;
}
