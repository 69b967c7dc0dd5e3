import type { Endpoint } from '../../endpoint/endpoint.ts';
import type { ThrottleSlot, TurnReason } from '../../throttle/throttle-slot.ts';
import type { Delivery } from '../delivery.ts';
import { afterRecord, type RecordedEnd } from './head-progress.ts';
import type { Standing } from './standing.ts';
import { standingOfEnd } from './standing-of-head.ts';

/** Why an attempt was not made although it was due. */
export type PutOff =
  | { readonly kind: 'deferred'; readonly until: Date; readonly slot: ThrottleSlot; readonly reason: TurnReason }
  | { readonly kind: 'held'; readonly until: Date; readonly reason: 'endpoint-failing' };

/** How long a group waits if the breaker's time is over: another worker makes the probe. */
const heldMs = 5_000;

/** Where the first delivery of a group is after an attempt that was made and recorded now. */
export function standingAfterAttempt(item: Delivery, record: RecordedEnd, endpoint: Pick<Endpoint, 'order'>): Standing {
  const progress = afterRecord(item, record);
  switch (progress.kind) {
    case 'through':
      return progress;
    case 'open': {
      const { delivery } = progress;
      return { kind: 'waits', until: delivery.scheduledAt, reason: 'retry', item: delivery };
    }
    case 'ended':
      return standingOfEnd(progress, endpoint);
  }
}

/** Where it is after an attempt that was due and was not made. It is the same attempt, and keeps its slot. */
export function standingWithoutAttempt(item: Delivery, putOff: PutOff, now: Date): Standing {
  const { until, reason } = putOff;
  if (putOff.kind === 'deferred')
    return { kind: 'waits', until, reason, item: { ...item, notBefore: until, slot: putOff.slot } };
  return { kind: 'waits', until: until > now ? until : new Date(now.getTime() + heldMs), reason, item };
}
