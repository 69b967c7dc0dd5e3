import type {
  GroupCommand,
  GroupCommandRepository,
  ListedMessage,
  Message,
  MessageQuery,
  MessageRepository,
  Resend,
} from '@posthorn/core';
import { commandIdOf } from '@posthorn/core';
import { windowPageOf } from './page-of.ts';

/** Messages in a map. `all`, `relayed`, `resends` and `commands` return everything that was written, once each. */
export interface InMemoryMessages extends MessageRepository, GroupCommandRepository {
  all(): readonly Message[];
  relayed(): readonly Message[];
  resends(): readonly Resend[];
  commands(): readonly GroupCommand[];
}

export function inMemoryMessages(): InMemoryMessages {
  const rows = new Map<string, Message>();
  const relayed = new Map<string, Message>();
  const resends = new Map<string, Resend>();
  const commands = new Map<string, GroupCommand>();
  const keyOf = ({ applicationId, messageId }: Pick<Message, 'applicationId' | 'messageId'>) =>
    `${applicationId} ${messageId}`;

  return {
    all: () => [...rows.values()],
    relayed: () => [...relayed.values()],
    resends: () => [...resends.values()],
    commands: () => [...commands.values()],
    insert: async (message) => {
      if (rows.has(keyOf(message))) return 'exists';
      rows.set(keyOf(message), message);
      return 'inserted';
    },
    relay: async (message) => {
      relayed.set(keyOf(message), message);
    },
    find: async (applicationId, messageId, now) => {
      const row = rows.get(keyOf({ applicationId, messageId }));
      return row && row.expiresAt > now ? row : undefined;
    },
    list: async (applicationId, query, now) => {
      const listed = [...rows.values()].filter(
        (row) => row.applicationId === applicationId && row.expiresAt > now && isAskedFor(row, query),
      );
      const page = windowPageOf(listed, (row) => row.messageId, { kind: 'message', query, now });
      return { ...page, items: query.withBody ? page.items : page.items.map(withoutBody) };
    },
    insertCommand: async (command) => {
      commands.set(commandIdOf(command), command);
    },
    insertResend: async (resend) => {
      resends.set(resend.attemptId, resend);
    },
  };
}

const isAskedFor = (message: Message, { channel, eventTypes, tag }: MessageQuery): boolean =>
  (channel === undefined || message.channels.includes(channel)) &&
  (eventTypes === undefined || eventTypes.includes(message.eventType)) &&
  (tag === undefined || message.tags.includes(tag));

const withoutBody = ({ body: _, ...rest }: Message): ListedMessage => rest;
