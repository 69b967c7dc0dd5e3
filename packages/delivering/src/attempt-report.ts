import type { Attempt, CancelReason, Delivery, ThrottleSlot, TurnReason } from '@posthorn/core';

/** What happened when a delivery was to be attempted. */
export type AttemptReport =
  /** The message was sent and the attempt recorded. */
  | ({ readonly kind: 'attempted'; readonly attempt: Attempt } & EndpointNews)
  /** The attempt was already recorded, by this worker before a crash or by another one. Its `next` is what counts. */
  | ({ readonly kind: 'recorded'; readonly attempt: Attempt } & EndpointNews)
  /** Nothing was sent: the delivery's attempt is due later. */
  | { readonly kind: 'not_due'; readonly until: Date }
  /** Nothing was sent: its turn at the endpoint or application is later. It is the same attempt, and keeps the slot. */
  | { readonly kind: 'deferred'; readonly until: Date; readonly slot: ThrottleSlot; readonly reason: TurnReason }
  /** Nothing was sent: the delivery waits until its endpoint has recovered. The next probe is made at `until`. */
  | { readonly kind: 'held'; readonly until: Date; readonly reason: 'endpoint-failing' }
  /** Nothing was sent: the delivery goes to the queue for slow endpoints. */
  | { readonly kind: 'slow' }
  /** Nothing was sent: the delivery is made in its group, and came beside it. */
  | { readonly kind: 'in_group' }
  /** Nothing was sent, and the delivery ends without an attempt record. */
  | { readonly kind: 'canceled'; readonly reason: CancelReason };

/**
 * `wasChanged`: the endpoint was changed after the attempt was planned. A copy of the job may have found it disabled, and
 * have stored the delivery as canceled.
 */
export interface EndpointNews {
  readonly wasChanged?: true;
}

/** Attempts a delivery. An error that is not the endpoint's is thrown, and no attempt is recorded for it. */
export type AttemptDelivery = (delivery: Delivery) => Promise<AttemptReport>;
