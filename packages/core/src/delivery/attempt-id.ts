import { createHash } from 'node:crypto';
import { createId, entropyOfId, idEntropyBytes } from '../identifier/identifier.ts';
import type { Delivery } from './delivery.ts';

/** How much of the message's own entropy leads an attempt's id, so that first attempts sort as their messages do. */
const messageEntropyBytes = 7;

/**
 * The id of a delivery's attempt: derived, so that every replay of the same attempt finds the same id, and ordered by
 * the time that the attempt was planned for.
 */
export function attemptIdOf(delivery: Delivery): string {
  if (delivery.attemptId !== undefined) return delivery.attemptId;
  const { messageId, endpointId, attemptNumber, scheduledAt } = delivery;
  const own = createHash('sha256').update(`${messageId}.${endpointId}.${attemptNumber}`).digest();
  const entropy = Buffer.concat([entropyOfId(messageId).subarray(0, messageEntropyBytes), own]);
  return createId('attempt', scheduledAt, entropy.subarray(0, idEntropyBytes));
}
