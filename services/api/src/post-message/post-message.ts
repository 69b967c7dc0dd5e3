import {
  type AcceptingApplication,
  createMessageId,
  idEntropyBytes,
  type Message,
  type MessageRepository,
  placementOfMessageId,
} from '@posthorn/core';
import type { Clock } from '@posthorn/platform';
import type { Caller } from '../authentication/caller.ts';
import { notFound } from '../authentication/find-application.ts';
import type { RandomBytes } from '../storing/random-bytes.ts';
import { claimEventId } from './claim-event-id.ts';
import { type ClaimDeps, claimMessageId, firstWriterGraceMs } from './claim-message-id.ts';
import type { NewMessage } from './read-message.ts';

export interface PostMessageDeps extends ClaimDeps {
  /** The least that accepting a message needs to know of an application. */
  readonly findAccepting: (organisationId: string, idOrUid: string) => Promise<AcceptingApplication | undefined>;
  /** Makes the application that the request brings along. */
  readonly createMissing: (request: PostMessageRequest) => Promise<AcceptingApplication>;
  readonly messages: Pick<MessageRepository, 'insert' | 'find' | 'relay'>;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  /** How long a message is kept unless its request says so. */
  readonly retentionMs: number;
  /** How long after it was read an application may still be taken for unordered. */
  readonly orderLeaseMs: number;
}

export interface PostMessageRequest {
  readonly caller: Caller;
  readonly applicationIdOrUid: string;
  readonly message: NewMessage;
  /** What a repeated request is known by. */
  readonly claimKey?: string;
}

/** Accepts a message: durable when it answers, once for each idempotency key and eventId, and in order where one is kept. */
export const createPostMessage =
  (deps: PostMessageDeps) =>
  async (request: PostMessageRequest): Promise<Message> => {
    const readAt = deps.clock();
    const application = await findOrCreate(deps, request);

    const drafted = draft(deps, request.message, application);
    const { message, replayed } = await claimMessageId(deps, request.claimKey, drafted);
    if (replayed) {
      if (mayMissInOrder(message, application)) await deps.messages.relay(message);
      return message;
    }
    await claimEventId(deps, message);
    const accepted = await insert(deps, message);
    await keepOrder(deps, { message: accepted, application, readAt });
    return accepted;
  };

async function findOrCreate(
  { findAccepting, createMissing }: PostMessageDeps,
  request: PostMessageRequest,
): Promise<AcceptingApplication> {
  const { caller, applicationIdOrUid, message } = request;
  const application = await findAccepting(caller.organisationId, applicationIdOrUid);
  if (application) return application;
  if (!message.application) throw notFound('Application not found');
  return createMissing(request);
}

function draft(deps: PostMessageDeps, input: NewMessage, application: AcceptingApplication): Message {
  const { organisationId, applicationId, orderedAt } = application;
  const { retentionMs = deps.retentionMs, application: _, ...content } = input;
  const acceptedAt = deps.clock();
  return {
    organisationId,
    applicationId,
    messageId: createMessageId(acceptedAt, deps.randomBytes(idEntropyBytes), orderedAt ? 'ordered' : 'sharded'),
    ...content,
    acceptedAt,
    expiresAt: new Date(acceptedAt.getTime() + retentionMs),
  };
}

async function insert({ messages, clock }: PostMessageDeps, message: Message): Promise<Message> {
  if ((await messages.insert(message)) === 'inserted') return message;
  return (await messages.find(message.applicationId, message.messageId, clock())) ?? message;
}

/**
 * A message under a sharded key is in no order. Where its application keeps one, it is put there too: when its id is
 * from before, or when the application began to keep order while the message was being accepted. Whoever begins waits
 * for the length of the lease, so only writers that were slower than that need to look again.
 */
async function keepOrder(
  { messages, findAccepting, clock, orderLeaseMs }: PostMessageDeps,
  { message, application, readAt }: { message: Message; application: AcceptingApplication; readAt: Date },
): Promise<void> {
  if (placementOfMessageId(message.messageId) === 'ordered') return;
  let current: AcceptingApplication | undefined = application;
  if (!current.orderedAt && clock().getTime() - readAt.getTime() > orderLeaseMs) {
    current = await findAccepting(application.organisationId, application.applicationId);
  }
  if (current?.orderedAt) await messages.relay(message);
}

/** Whether the first writer may have died between writing the message and putting it into its application's order. */
const mayMissInOrder = ({ messageId, acceptedAt }: Message, { orderedAt }: AcceptingApplication): boolean =>
  orderedAt !== undefined &&
  placementOfMessageId(messageId) === 'sharded' &&
  acceptedAt.getTime() >= orderedAt.getTime() - firstWriterGraceMs;
