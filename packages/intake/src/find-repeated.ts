import type { ClaimRepository, ListedMessage, MessageRepository } from '@posthorn/core';
import type { FindTargetDeps, MessageTarget } from './find-target.ts';
import type { MessageIdentity } from './message-identity.ts';

export interface FindRepeatedDeps extends Pick<FindTargetDeps, 'clock'> {
  readonly claims: Pick<ClaimRepository, 'find'>;
  readonly messages: Pick<MessageRepository, 'findListed'>;
}

/** Finds the message that an earlier request under the same idempotency key has stored. Changes nothing. */
export const createRepeatedFinder =
  ({ claims, messages, clock }: FindRepeatedDeps) =>
  async ({ application }: MessageTarget, identity: MessageIdentity): Promise<ListedMessage | undefined> => {
    if (identity.kind !== 'claimed') return undefined;
    const now = clock();
    const held = await claims.find(identity.key, now);
    return held && messages.findListed(application.applicationId, held.messageId, now);
  };
