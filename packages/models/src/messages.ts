import { tableName } from '@posthorn/contracts';
import type { GroupCommandRepository, MessageRepository } from '@posthorn/core';
import { type AcceptingStore, createAcceptingMessages } from './accepting-messages.ts';
import { findAll, findListed, toSendable } from './messages/find-listed.ts';
import { putRow } from './messages/insert-message.ts';
import { createListMessages, withBodies } from './messages/list-messages.ts';
import { toCommandRow, toResendRow } from './messages/message-row.ts';
import { defaultMaxRowsRead } from './paging/read-page.ts';
import type { Store } from './store.ts';

/** The table of messages, and how much a list may read. */
export interface MessageStore extends AcceptingStore {
  /** A page ends early after it has read this many rows. Default: 2,000. */
  readonly maxRowsRead?: number;
}

/** Messages in DynamoDB. */
export function createMessageRepository(store: MessageStore): MessageRepository & GroupCommandRepository {
  const table = { ...store, tableName: tableName(store.stage, 'messages') };
  const listed = { ...table, maxRowsRead: store.maxRowsRead ?? defaultMaxRowsRead };
  const accepting = createAcceptingMessages(store);
  return {
    ...accepting,
    find: async (...name) => toSendable(await accepting.findListed(...name)),
    findAll: (applicationId, messageIds, now) => findAll(table, { applicationId, messageIds, now }),
    list: createListMessages(listed),
    readBodies: (page, direction) => withBodies(listed, page, direction),
    insertResend: (resend) => putRow(table, toResendRow(resend)),
    insertCommand: (command) => putRow(table, toCommandRow(command)),
  };
}

/**
 * Finds a message that was stored some time ago, for half the price: it looks without consistency first. Of a message
 * that is found, only its body can have changed: one that was expunged less than about a second ago may still have it.
 * If nothing is found, it looks again, consistently.
 */
export function createFindStoredMessage({ client, stage }: Store): MessageRepository['find'] {
  const table = { client, tableName: tableName(stage, 'messages') };
  return async (applicationId, messageId, now) => {
    const ids = { applicationId, messageId, now };
    return toSendable((await findListed(table, { ...ids, mayBeStale: true })) ?? (await findListed(table, ids)));
  };
}
