import { hash } from 'node:crypto';
import { createId, entropyOfId, idEntropyBytes } from '../identifier/identifier.ts';
import type { Delivery } from './delivery.ts';

/** How many bytes of the message id's entropy begin the attempt id's entropy, so that first attempts sort like their messages. */
const messageEntropyBytes = 7;

/**
 * The id of a delivery's attempt. It is derived from the delivery, so that every replay of the attempt finds the same
 * id, and it sorts by the time that the attempt was planned for.
 */
export function attemptIdOf(delivery: Delivery): string {
  if (delivery.attemptId !== undefined) return delivery.attemptId;
  const { messageId, endpointId, attemptNumber, scheduledAt } = delivery;
  // By way of text, which takes a third of the time.
  const own = Buffer.from(hash('sha256', `${messageId}.${endpointId}.${attemptNumber}`, 'hex'), 'hex');
  const entropy = Buffer.concat([entropyOfId(messageId).subarray(0, messageEntropyBytes), own]);
  return createId('attempt', scheduledAt, entropy.subarray(0, idEntropyBytes));
}
