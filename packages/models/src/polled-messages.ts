import { types } from 'node:util';
import { tableName } from '@posthorn/contracts';
import { type PolledMessage, type ReadPolledMessages, reasonOf, UnusableData } from '@posthorn/core';
import { chunkKeysOf, readBody } from './messages/message-body.ts';
import { messageKey, readListedMessage } from './messages/message-row.ts';
import { expiryOf } from './rows/expiry.ts';
import { type Row, textOf } from './rows/row.ts';
import { getRow, getRows } from './rows/row-access.ts';
import type { Store } from './store.ts';

/** Reads the messages of a poll: all rows at once, and the parts of large bodies one by one. */
export function createReadPolledMessages({ client, stage }: Store): ReadPolledMessages {
  const table = tableName(stage, 'messages');
  const readPart = (key: Row) => getRow({ client }, { tableName: table, key });
  return async (applicationId, messageIds, now) => {
    const keys = messageIds.map((messageId) => messageKey({ applicationId, messageId }));
    const rows = await getRows({ client }, { tableName: table, keys });
    const byId = new Map(rows.map((row) => [textOf(row, 'row'), row]));
    const found = await Promise.all(
      messageIds.map(async (messageId) => {
        const row = byId.get(messageId);
        return row && unlessDamaged(messageId, () => readMessage(row, { now, readPart }));
      }),
    );
    return found.filter((message) => message !== undefined);
  };
}

interface ReadRequest {
  readonly now: Date;
  readonly readPart: (key: Row) => Promise<Row | undefined>;
}

async function readMessage(row: Row, { now, readPart }: ReadRequest): Promise<PolledMessage | undefined> {
  if (row.expungedAt !== undefined || expiryOf(row) <= now) return undefined;
  const keys = chunkKeysOf(row);
  const parts = (await Promise.all(keys.map(readPart))).filter((part) => part !== undefined);
  // It expires or is expunged at this moment.
  if (parts.length < keys.length) return undefined;
  return { kind: 'message', message: { ...readListedMessage(row), body: await readBody(row, parts) } };
}

async function unlessDamaged(
  messageId: string,
  read: () => Promise<PolledMessage | undefined>,
): Promise<PolledMessage | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof UnusableData) && !isDamagedText(error)) throw error;
    return { kind: 'unreadable', messageId, reason: reasonOf(error) };
  }
}

/** Bytes that cannot be inflated. */
const isDamagedText = (error: unknown): boolean =>
  types.isNativeError(error) && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
