import { hash } from 'node:crypto';
import { createId, entropyOfId, idEntropyBytes, timeOfId } from '../identifier/identifier.ts';
import type { Delivery } from './delivery.ts';

/** How many bytes of the message id's entropy begin the attempt id's entropy, so that first attempts sort like their messages. */
const messageEntropyBytes = 7;

/**
 * The id of a delivery's attempt. It is derived from the delivery, so that every replay of the attempt finds the same
 * id, and it sorts by the time that the attempt was planned for.
 */
export function attemptIdOf(delivery: Delivery): string {
  if (delivery.attemptId !== undefined) return delivery.attemptId;
  return deriveId(delivery);
}

/**
 * The id that a delivery's first attempt has if it was planned for the time in the message's id, which is when almost
 * every message was accepted. It needs no more than the two ids, so the attempt is found without an index.
 */
export const firstAttemptIdOf = ({ messageId, endpointId }: Pick<Delivery, 'messageId' | 'endpointId'>): string =>
  deriveId({ messageId, endpointId, attemptNumber: 1, scheduledAt: timeOfId(messageId) });

function deriveId({
  messageId,
  endpointId,
  attemptNumber,
  scheduledAt,
}: Pick<Delivery, 'messageId' | 'endpointId' | 'attemptNumber' | 'scheduledAt'>): string {
  // By way of text, which takes a third of the time.
  const own = Buffer.from(hash('sha256', `${messageId}.${endpointId}.${attemptNumber}`, 'hex'), 'hex');
  const entropy = Buffer.concat([entropyOfId(messageId).subarray(0, messageEntropyBytes), own]);
  return createId('attempt', scheduledAt, entropy.subarray(0, idEntropyBytes));
}
