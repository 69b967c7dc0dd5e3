import {
  createMessageId,
  idEntropyBytes,
  isId,
  type ListedMessage,
  type Message,
  type MessageRepository,
  plannedTimeOf,
} from '@posthorn/core';
import { type ClaimDeps, claimEventId } from './claim-event-id.ts';
import { claimMessageId } from './claim-message-id.ts';
import type { FindTargetDeps, MessageTarget } from './find-target.ts';
import { type KeepOrderDeps, keepOrder } from './keep-order.ts';
import type { MessageIdentity } from './message-identity.ts';
import type { NewMessage } from './new-message.ts';

export interface AcceptMessageDeps extends ClaimDeps, KeepOrderDeps {
  readonly messages: Pick<MessageRepository, 'insert' | 'findListed' | 'relay'>;
  readonly randomBytes: FindTargetDeps['randomBytes'];
  /** How long a message is kept unless its request says otherwise. */
  readonly retentionMs: number;
}

export interface AcceptRequest {
  readonly target: MessageTarget;
  readonly message: NewMessage;
  readonly identity: MessageIdentity;
}

/**
 * The message of the request, and whether this call stored it or an earlier one did. A repeated message that was expunged
 * has no body.
 */
export interface AcceptedMessage {
  readonly kind: 'accepted' | 'repeated';
  readonly message: ListedMessage;
}

/**
 * Accepts a message. When it returns, the message is durable. It is stored once for each identity and eventId, and in its
 * application's order if there is one. After a crash at any point the call can be repeated.
 *
 * @throws DomainError `conflict` if another message holds the eventId
 */
export const createMessageAcceptor =
  (deps: AcceptMessageDeps) =>
  async ({ target, message: input, identity }: AcceptRequest): Promise<AcceptedMessage> => {
    const accepted = await store(deps, identity, draftMessage(deps, { target, input, identity }));
    await keepOrder(deps, accepted, target);
    return accepted;
  };

interface Draft {
  readonly target: MessageTarget;
  readonly input: NewMessage;
  readonly identity: MessageIdentity;
}

function draftMessage(deps: AcceptMessageDeps, { target, input, identity }: Draft): Message {
  const { organisationId, applicationId, orderedAt } = target.application;
  const { retentionMs = deps.retentionMs, ...content } = input;
  const acceptedAt = deps.clock();
  return {
    organisationId,
    applicationId,
    messageId:
      identity.kind === 'given'
        ? requireMessageId(identity.messageId)
        : createMessageId(acceptedAt, deps.randomBytes(idEntropyBytes), orderedAt ? 'ordered' : 'sharded'),
    ...content,
    acceptedAt,
    expiresAt: new Date(plannedTimeOf({ ...content, acceptedAt }).getTime() + retentionMs),
  };
}

function requireMessageId(text: string): string {
  if (!isId('message', text)) throw new RangeError(`${text} is not a message id`);
  return text;
}

async function store(deps: AcceptMessageDeps, identity: MessageIdentity, draft: Message): Promise<AcceptedMessage> {
  switch (identity.kind) {
    case 'fresh':
      return insertOnce(deps, draft, 'must_be_found');
    case 'given':
      return insertOnce(deps, draft, 'may_have_expired');
    case 'claimed': {
      const claimed = await claimMessageId(deps, identity.key, draft);
      if (claimed.kind === 'stored') return { kind: 'repeated', message: claimed.message };
      return insertOnce(deps, claimed.message, 'must_be_found');
    }
  }
}

/**
 * Stores a message unless its id is stored already. A given id can be replayed after its message has expired: then
 * nothing is left to do. With the other identities, an id that is stored but cannot be read is a fault of ours.
 */
async function insertOnce(
  deps: AcceptMessageDeps,
  message: Message,
  ifStored: 'must_be_found' | 'may_have_expired',
): Promise<AcceptedMessage> {
  await claimEventId(deps, message);
  if ((await deps.messages.insert(message)) === 'inserted') return { kind: 'accepted', message };
  const { applicationId, messageId, acceptedAt } = message;
  const stored = await deps.messages.findListed(applicationId, messageId, acceptedAt);
  if (stored) return { kind: 'repeated', message: stored };
  if (ifStored === 'may_have_expired') return { kind: 'repeated', message };
  throw new Error(`message ${messageId} is stored but cannot be read`);
}
