import { type Attempt, type AttemptRepository, attemptIdOf, type Delivery, followUpOf } from '@posthorn/core';

/** Where a delivery is, according to its recorded attempts. */
export type DeliveryProgress =
  /** The delivery is at an attempt that is not recorded yet. */
  | { readonly kind: 'open'; readonly delivery: Delivery }
  /** No attempt follows the last recorded one. */
  | { readonly kind: 'ended'; readonly attempt: Attempt };

/**
 * Follows a delivery's recorded attempts, starting with the one that is given. Each of them has the time of the next one,
 * and the next one's id derives from that time. So the records alone say what is to be done, however often a job is
 * received.
 */
export async function findProgress(
  delivery: Delivery,
  findAttempt: AttemptRepository['find'],
): Promise<DeliveryProgress> {
  let current = delivery;
  for (;;) {
    const attempt = await findAttempt(current.endpointId, attemptIdOf(current));
    if (!attempt) return { kind: 'open', delivery: current };
    if (attempt.next.kind !== 'retry') return { kind: 'ended', attempt };
    current = followUpOf(current, attempt.next.at);
  }
}
