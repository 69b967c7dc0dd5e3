import {
  type ApplicationRepository,
  type ListedMessage,
  type MessageRepository,
  placementOfMessageId,
} from '@posthorn/core';
import type { MessageTarget } from './find-target.ts';
import { firstWriterGraceMs } from './first-writer-grace.ts';

export interface KeepOrderDeps {
  readonly findAccepting: ApplicationRepository['findAccepting'];
  readonly messages: Pick<MessageRepository, 'relay'>;
  readonly clock: () => Date;
  /** How long a cached "unordered" flag of an application stays valid. */
  readonly orderLeaseMs: number;
}

interface StoredMessage {
  readonly kind: 'accepted' | 'repeated';
  readonly message: ListedMessage;
}

/**
 * Puts a message with a sharded id into its application's order, if there is one. The id can be sharded because it is
 * older than the order, because it is a given one, or because the order began while the message was being accepted. The
 * request that begins the order waits for the length of the lease, so only slower requests read the application again.
 *
 * The first writer of a repeated message may have died before this step, so it is done again.
 */
export async function keepOrder(deps: KeepOrderDeps, stored: StoredMessage, target: MessageTarget): Promise<void> {
  if (placementOfMessageId(stored.message.messageId) === 'ordered') return;
  const orderedAt = await readOrder(deps, target);
  if (orderedAt !== undefined && mayMissInOrder(stored, orderedAt)) await deps.messages.relay(stored.message);
}

async function readOrder(
  { findAccepting, clock, orderLeaseMs }: KeepOrderDeps,
  { application, readAt }: MessageTarget,
): Promise<Date | undefined> {
  const { organisationId, applicationId, orderedAt } = application;
  if (orderedAt !== undefined || clock().getTime() - readAt.getTime() <= orderLeaseMs) return orderedAt;
  return (await findAccepting(organisationId, applicationId))?.orderedAt;
}

/** A message that was stored long before the order began is not part of it. */
const mayMissInOrder = ({ kind, message }: StoredMessage, orderedAt: Date): boolean =>
  kind === 'accepted' || message.acceptedAt.getTime() >= orderedAt.getTime() - firstWriterGraceMs;
