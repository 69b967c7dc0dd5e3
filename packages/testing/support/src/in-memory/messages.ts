import type {
  GroupCommand,
  GroupCommandRepository,
  ListedMessage,
  Message,
  MessageContentRepository,
  MessageQuery,
  MessageRepository,
  Resend,
} from '@posthorn/core';
import { commandIdOf } from '@posthorn/core';
import { windowPageOf } from './page-of.ts';

/**
 * Messages in a map. `all`, `relayed`, `resends` and `commands` return everything that was written, once each. What was
 * expunged has an empty body there.
 */
export interface InMemoryMessages extends MessageRepository, GroupCommandRepository, MessageContentRepository {
  all(): readonly Message[];
  relayed(): readonly Message[];
  resends(): readonly Resend[];
  commands(): readonly GroupCommand[];
}

export function inMemoryMessages(): InMemoryMessages {
  const rows = new Map<string, Message>();
  const expunged = new Map<string, Date>();
  const relayed = new Set<string>();
  const resends = new Map<string, Resend>();
  const commands = new Map<string, GroupCommand>();
  const keyOf = ({ applicationId, messageId }: Pick<Message, 'applicationId' | 'messageId'>) =>
    `${applicationId} ${messageId}`;
  const findRow = (key: string, now: Date) => {
    const row = rows.get(key);
    return row && row.expiresAt > now ? row : undefined;
  };
  const toListed = (row: Message): ListedMessage => {
    const expungedAt = expunged.get(keyOf(row));
    return expungedAt === undefined ? row : { ...withoutBody(row), expungedAt };
  };

  return {
    all: () => [...rows.values()],
    relayed: () => [...relayed].flatMap((key) => rows.get(key) ?? []),
    resends: () => [...resends.values()],
    commands: () => [...commands.values()],
    insert: async (message) => {
      if (rows.has(keyOf(message))) return 'exists';
      rows.set(keyOf(message), message);
      return 'inserted';
    },
    relay: async (message) => {
      relayed.add(keyOf(message));
    },
    find: async (applicationId, messageId, now) => {
      const key = keyOf({ applicationId, messageId });
      return expunged.has(key) ? undefined : findRow(key, now);
    },
    findListed: async (applicationId, messageId, now) => {
      const row = findRow(keyOf({ applicationId, messageId }), now);
      return row && toListed(row);
    },
    expunge: async (applicationId, messageId, now) => {
      const key = keyOf({ applicationId, messageId });
      const row = findRow(key, now);
      if (!row) return 'missing';
      rows.set(key, { ...row, body: '' });
      if (!expunged.has(key)) expunged.set(key, now);
      return 'expunged';
    },
    findAll: async (applicationId, messageIds, now) =>
      messageIds.flatMap((messageId) => {
        const row = findRow(keyOf({ applicationId, messageId }), now);
        return row ? [withoutBody(toListed(row))] : [];
      }),
    readBodies: async ({ items, ...end }) => ({
      ...end,
      items: items.map((message) => {
        const row = rows.get(keyOf(message));
        return row ? toListed(row) : message;
      }),
    }),
    list: async (applicationId, query, now) => {
      const listed = [...rows.values()].filter(
        (row) => row.applicationId === applicationId && row.expiresAt > now && isAskedFor(row, query),
      );
      const page = windowPageOf(listed, (row) => row.messageId, { kind: 'message', query, now });
      return { ...page, items: page.items.map((row) => (query.withBody ? toListed(row) : withoutBody(toListed(row)))) };
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

const withoutBody = ({ body: _, ...rest }: ListedMessage): ListedMessage => rest;
