import type { Attempt } from '../../attempt/attempt.ts';
import { type Delivery, followUpOf } from '../delivery.ts';

/** What the record of an attempt says about what follows. */
export type RecordedEnd = Pick<Attempt, 'status' | 'next' | 'attemptedAt'>;

/** Where a delivery in a group is, according to its recorded attempts. */
export type HeadProgress =
  /** It was accepted. `goneAt`: that answer also asked to disable the endpoint. */
  | { readonly kind: 'through'; readonly goneAt?: Date }
  /** `delivery` is at the first attempt that is not recorded. */
  | { readonly kind: 'open'; readonly delivery: Delivery }
  /** No attempt is planned after the last one. `delivery` is at the one that someone can ask for. */
  | {
      readonly kind: 'ended';
      readonly by: 'exhausted' | 'gone' | 'aborted';
      readonly attemptedAt: Date;
      readonly last: Delivery;
      readonly delivery: Delivery;
    };

/**
 * Where a delivery is after an attempt of it. The id of the next attempt derives from this record: from the planned time
 * of a retry, and from the time of this attempt for one that someone asks for after the retries are used up. So the
 * records alone say where the delivery is, however often a job is received.
 */
export function afterRecord(delivery: Delivery, { status, next, attemptedAt }: RecordedEnd): HeadProgress {
  if (status === 'succeeded') return { kind: 'through', ...(next.kind === 'gone' && { goneAt: attemptedAt }) };
  switch (next.kind) {
    case 'done':
      return { kind: 'through' };
    case 'retry':
      return { kind: 'open', delivery: followUpOf(delivery, next.at) };
    case 'exhausted':
    case 'gone':
    case 'aborted':
      return {
        kind: 'ended',
        by: next.kind,
        attemptedAt,
        last: delivery,
        delivery: followUpOf(delivery, attemptedAt),
      };
  }
}
