import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { type GroupCommandRepository, isId, type Message, type MessageRepository } from '@posthorn/core';
import { createListMessages } from './messages/list-messages.ts';
import { chunkKeysOf, readBody, toStoredBody } from './messages/message-body.ts';
import {
  messageKey,
  readListedMessage,
  toCommandRow,
  toMessageRow,
  toRelayRow,
  toResendRow,
} from './messages/message-row.ts';
import { defaultMaxRowsRead } from './paging/read-page.ts';
import { type Row, toItem } from './rows/row.ts';
import { getRow, tryConditionalWrite } from './rows/row-access.ts';
import { rowBytes } from './rows/row-size.ts';
import type { Store } from './store.ts';

/** The table of messages, and how much a list may read. */
export interface MessageStore extends Store {
  /** A page ends early after it has read this many rows. Default: 2,000. */
  readonly maxRowsRead?: number;
  /** Shorter bodies are stored as they are. Default: 1 byte. */
  readonly deflateFrom?: number;
}

/** Messages in DynamoDB. */
export function createMessageRepository(store: MessageStore): MessageRepository & GroupCommandRepository {
  const table = { ...store, tableName: tableName(store.stage, 'messages') };
  return {
    insert: (message) => insertMessage(table, message),
    relay: (message) => putRow(table, toRelayRow(message)),
    find: (applicationId, messageId, now) => findMessage(table, { applicationId, messageId, now }),
    list: createListMessages({ ...table, maxRowsRead: store.maxRowsRead ?? defaultMaxRowsRead, loadBodies }),
    insertResend: (resend) => putRow(table, toResendRow(resend)),
    insertCommand: (command) => putRow(table, toCommandRow(command)),
  };
}

/**
 * Finds a message that was stored some time ago, for half the price: it looks without consistency first. A message never
 * changes, so what is found is right. If nothing is found, it looks again, consistently.
 */
export function createFindStoredMessage({ client, stage }: Store): MessageRepository['find'] {
  const table = { client, tableName: tableName(stage, 'messages') };
  return async (applicationId, messageId, now) => {
    const ids = { applicationId, messageId, now };
    return (await findMessage(table, { ...ids, mayBeStale: true })) ?? findMessage(table, ids);
  };
}

interface MessagesTable extends Pick<MessageStore, 'client' | 'deflateFrom'> {
  readonly tableName: string;
}

/** Writes the message's own row last. After a crash before that, unused chunks are left until they expire. */
async function insertMessage(table: MessagesTable, message: Message): Promise<'inserted' | 'exists'> {
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
  });
  const { refused } = await tryConditionalWrite(table.client.send(put));
  return refused ? 'exists' : 'inserted';
}

async function putRow({ client, tableName: TableName }: MessagesTable, row: Row): Promise<void> {
  await client.send(new PutItemCommand({ TableName, Item: toItem(row) }));
}

async function findMessage(
  table: MessagesTable,
  {
    now,
    mayBeStale = false,
    ...ids
  }: {
    readonly applicationId: string;
    readonly messageId: string;
    readonly now: Date;
    readonly mayBeStale?: boolean;
  },
): Promise<Message | undefined> {
  if (!isId('message', ids.messageId)) return undefined;
  const row = await getRow(table, { tableName: table.tableName, key: messageKey(ids), mayBeStale });
  if (!row) return undefined;
  const message = readListedMessage(row);
  if (message.expiresAt <= now) return undefined;
  const body = await loadBody(table, row);
  return body === undefined ? undefined : { ...message, body };
}

/** The bodies of rows, in the same order. A body is `undefined` if its chunks have expired. */
const loadBodies = (table: MessagesTable, rows: readonly Row[]): Promise<readonly (string | undefined)[]> =>
  Promise.all(rows.map((row) => loadBody(table, row)));

async function loadBody(table: MessagesTable, row: Row): Promise<string | undefined> {
  const keys = chunkKeysOf(row);
  const read = await Promise.all(keys.map((key) => getRow(table, { tableName: table.tableName, key })));
  const chunks = read.filter((chunk) => chunk !== undefined);
  return chunks.length === keys.length ? readBody(row, chunks) : undefined;
}
