import { tableName } from '@posthorn/contracts';
import type { MessageRepository } from '@posthorn/core';
import { findListed } from './messages/find-listed.ts';
import { insertMessage, putRow } from './messages/insert-message.ts';
import { toRelayRow } from './messages/message-row.ts';
import type { Store } from './store.ts';

/** The table of messages for accepting them. */
export interface AcceptingStore extends Store {
  /** Shorter bodies are stored as they are. Default: 1 byte. */
  readonly deflateFrom?: number;
}

/** What accepting a message needs, and no lists: the function that is called most often stays small. */
export function createAcceptingMessages(
  store: AcceptingStore,
): Pick<MessageRepository, 'insert' | 'relay' | 'findListed'> {
  const table = { ...store, tableName: tableName(store.stage, 'messages') };
  return {
    insert: (message) => insertMessage(table, message),
    relay: (message) => putRow(table, toRelayRow(message)),
    findListed: (applicationId, messageId, now) => findListed(table, { applicationId, messageId, now }),
  };
}
