import type { Attempt } from '../attempt/attempt.ts';
import type { Delivery } from './delivery.ts';

/** How far a delivery has come, as its recorded attempts tell. */
export type DeliveryProgress =
  | { readonly kind: 'attempt'; readonly delivery: Delivery }
  | { readonly kind: 'finished'; readonly status: Attempt['status']; readonly at: Date };

/** The delivery at the attempt that a recorded one was followed by; `undefined` when it was the last. */
export function followUpOf(delivery: Delivery, recorded: Pick<Attempt, 'nextAttemptAt'>): Delivery | undefined {
  const { nextAttemptAt } = recorded;
  if (nextAttemptAt === undefined) return undefined;
  return { ...delivery, attemptNumber: delivery.attemptNumber + 1, scheduledAt: nextAttemptAt };
}

/**
 * Walks a delivery's attempts from its first one on: each recorded attempt says when the next was planned, from which
 * that one's id derives. So the records alone say what is to be done, whatever was received how often.
 */
export async function findProgress(
  delivery: Delivery,
  findAttempt: (delivery: Delivery) => Promise<Attempt | undefined>,
): Promise<DeliveryProgress> {
  let current = delivery;
  for (;;) {
    const recorded = await findAttempt(current);
    if (!recorded) return { kind: 'attempt', delivery: current };
    const next = followUpOf(current, recorded);
    if (!next) return { kind: 'finished', status: recorded.status, at: recorded.attemptedAt };
    current = next;
  }
}
