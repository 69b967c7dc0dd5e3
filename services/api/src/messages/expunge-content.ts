import type { BulkExpungeContentsOut } from '@posthorn/contracts/api/message';
import type { MessageContentRepository } from '@posthorn/core';
import { type FindMessageDeps, type MessageName, resolveMessageId } from '@posthorn/intake';

export interface ExpungeContentDeps {
  readonly claims: FindMessageDeps['claims'];
  readonly messages: MessageContentRepository;
}

type ExpungeContent = (name: MessageName, now: Date) => Promise<'expunged' | 'missing'>;

/** Removes the payload of a message. `missing`: the application has no such message. */
export const createContentExpunger =
  ({ claims, messages }: ExpungeContentDeps): ExpungeContent =>
  async (name, now) => {
    const messageId = await resolveMessageId({ claims }, name, now);
    return messageId === undefined ? 'missing' : messages.expunge(name.applicationId, messageId, now);
  };

/** Each has a row of up to 400 KB, and a few more if its payload is larger. */
const expungedTogether = 25;

type Results = BulkExpungeContentsOut['results'];

/** Removes the payloads of messages that are given by id or eventId. Each has a result, under the name that was given. */
export const createBulkExpunger = (expungeContent: ExpungeContent) => {
  const expungeOne = async (name: MessageName, now: Date): Promise<[string, Results[string]]> => {
    const isExpunged = (await expungeContent(name, now)) === 'expunged';
    return [name.idOrEventId, isExpunged ? 'expunged' : 'not-found'];
  };
  return async (applicationId: string, idsOrEventIds: readonly string[], now: Date): Promise<Results> => {
    const names = [...new Set(idsOrEventIds)].map((idOrEventId) => ({ applicationId, idOrEventId }));
    const results: [string, Results[string]][] = [];
    for (let start = 0; start < names.length; start += expungedTogether) {
      const together = names.slice(start, start + expungedTogether);
      results.push(...(await Promise.all(together.map((name) => expungeOne(name, now)))));
    }
    return Object.fromEntries(results);
  };
};
