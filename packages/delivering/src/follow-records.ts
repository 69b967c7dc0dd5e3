import { type Attempt, type AttemptRepository, attemptIdOf, type Delivery, followUpOf } from '@posthorn/core';

/** Where a delivery in a group is, according to its recorded attempts. */
export type OrderedProgress =
  /** The delivery is at an attempt that is not recorded yet. */
  | { readonly kind: 'open'; readonly delivery: Delivery }
  | { readonly kind: 'through' }
  /** No attempt is planned after the last one. `delivery` is at the one that someone can ask for. */
  | { readonly kind: 'ended'; readonly attempt: Attempt; readonly last: Delivery; readonly delivery: Delivery };

/**
 * Follows a delivery's recorded attempts, starting with the one that is given. The id of each attempt derives from the
 * record before it: from the planned time of a retry, and from the time of the last attempt for one that someone asked
 * for after the retries were used up. So the records alone say where the delivery is, however often a job is received.
 */
export async function followRecords(
  delivery: Delivery,
  findAttempt: AttemptRepository['find'],
): Promise<OrderedProgress> {
  let current = delivery;
  let ended: Extract<OrderedProgress, { kind: 'ended' }> | undefined;
  for (;;) {
    const attempt = await findAttempt(current.endpointId, attemptIdOf(current));
    if (!attempt) return ended ?? { kind: 'open', delivery: current };
    const { next, attemptedAt } = attempt;
    if (next.kind === 'done') return { kind: 'through' };
    const last = current;
    current = followUpOf(current, next.kind === 'retry' ? next.at : attemptedAt);
    ended = next.kind === 'retry' ? undefined : { kind: 'ended', attempt, last, delivery: current };
  }
}
