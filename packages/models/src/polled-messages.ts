import { tableName } from '@posthorn/contracts';
import { type PolledMessage, type PolledMessagesRequest, type ReadPolledMessages, reasonOf } from '@posthorn/core';
import { chunkKeysOf, readBody } from './messages/message-body.ts';
import { messageKey, readListedMessage } from './messages/message-row.ts';
import { expiryOf } from './rows/expiry.ts';
import { isDamaged } from './rows/packed-text.ts';
import { type Row, textOf } from './rows/row.ts';
import { getRow, getRows } from './rows/row-access.ts';
import { rowBytes } from './rows/row-size.ts';
import type { Store } from './store.ts';

/** Reads the messages of a poll: all rows at once, and the parts of large bodies one by one. */
export function createReadPolledMessages({ client, stage }: Store): ReadPolledMessages {
  const table = tableName(stage, 'messages');
  return async (request) => {
    const { applicationId, messageIds } = request;
    const keys = messageIds.map((messageId) => messageKey({ applicationId, messageId }));
    const rows = await getRows({ client }, { tableName: table, keys });
    const byId = new Map(rows.map((row) => [textOf(row, 'row'), row]));
    let readBytes = sumOf(rows);
    const readParts: ReadParts = async (partKeys) => {
      const read = await Promise.all(partKeys.map((key) => getRow({ client }, { tableName: table, key })));
      const parts = read.filter((part) => part !== undefined);
      readBytes += sumOf(parts);
      return parts;
    };
    const found = await Promise.all(
      messageIds.map(async (messageId) => {
        const row = byId.get(messageId);
        return row && unlessDamaged(messageId, () => readMessage(row, request, readParts));
      }),
    );
    return { found: found.filter((message) => message !== undefined), readBytes };
  };
}

type ReadParts = (keys: readonly Row[]) => Promise<readonly Row[]>;

const sumOf = (rows: readonly Row[]): number => rows.reduce((sum, row) => sum + rowBytes(row), 0);

async function readMessage(
  row: Row,
  { wants, now }: PolledMessagesRequest,
  readParts: ReadParts,
): Promise<PolledMessage | undefined> {
  if (row.expungedAt !== undefined || expiryOf(row) <= now) return undefined;
  const message = readListedMessage(row);
  if (!wants(message)) return undefined;
  const keys = chunkKeysOf(row);
  const parts = await readParts(keys);
  // It expires or is expunged at this moment.
  if (parts.length < keys.length) return undefined;
  return { kind: 'message', message: { ...message, body: await readBody(row, parts) } };
}

async function unlessDamaged(
  messageId: string,
  read: () => Promise<PolledMessage | undefined>,
): Promise<PolledMessage | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!isDamaged(error)) throw error;
    return { kind: 'unreadable', messageId, reason: reasonOf(error) };
  }
}
