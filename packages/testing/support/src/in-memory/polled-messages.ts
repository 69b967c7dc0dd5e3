import type { MessageRepository, ReadPolledMessages } from '@posthorn/core';

/** Reads the messages of a poll from a repository, one by one. */
export const inMemoryPolledMessages =
  (messages: Pick<MessageRepository, 'find'>): ReadPolledMessages =>
  async (applicationId, messageIds, now) => {
    const found = await Promise.all(messageIds.map((messageId) => messages.find(applicationId, messageId, now)));
    return found.flatMap((message) => (message ? [{ kind: 'message', message } as const] : []));
  };
