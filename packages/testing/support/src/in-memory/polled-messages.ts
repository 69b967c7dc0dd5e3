import type { MessageRepository, ReadPolledMessages } from '@posthorn/core';

/** Reads the messages of a poll from a repository, one by one. */
export const inMemoryPolledMessages =
  (messages: Pick<MessageRepository, 'find'>): ReadPolledMessages =>
  async ({ applicationId, messageIds, wants, now }) => {
    const stored = await Promise.all(messageIds.map((messageId) => messages.find(applicationId, messageId, now)));
    const read = stored.filter((message) => message !== undefined);
    return {
      found: read.filter(wants).map((message) => ({ kind: 'message', message })),
      readBytes: read.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0),
    };
  };
