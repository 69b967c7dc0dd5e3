import { type TurnReason, turnReasonOf } from '../throttle/throttle-slot.ts';
import { type Delivery, dueTimeOf, wasTried } from './delivery.ts';

/** What a stored delivery waits for, or how it ended, and why. */
export type DeliveryStatus =
  /** A job on a queue, or a row of the due table, will bring it. */
  | { readonly state: 'planned'; readonly reason: PlannedReason }
  /** It waits untried until its endpoint has recovered. */
  | { readonly state: 'held'; readonly reason: 'endpoint-failing' }
  /** It waits in the line of its group (FIFO destinations). */
  | { readonly state: 'parked'; readonly reason: ParkedReason }
  /** It ended after its last attempt, or it was set aside among the dead letters. */
  | { readonly state: 'failed'; readonly reason: FailureReason }
  /** It ended without a further attempt. */
  | { readonly state: 'canceled'; readonly reason: CancelReason };

export type DeliveryState = DeliveryStatus['state'];
/** Why a delivery waits in its group's line: another one is before it, or why it is the first one and waits. */
export type ParkedReason = 'behind' | PlannedReason | 'endpoint-failing' | 'blocked';
export type PlannedReason = 'retry' | 'scheduled' | TurnReason;
export type FailureReason = 'exhausted' | 'gone' | 'aborted' | 'skipped' | 'set_aside';
export type CancelReason = 'endpoint_disabled' | 'endpoint_deleted' | 'message_expired';

/** Where a parked delivery is stored. */
export interface ParkedPlace {
  /** The ordering group, as the queue names it. */
  readonly group: string;
  /** The place in the group's line: the number that the FIFO queue gave the job. It has 20 digits, so that it sorts. */
  readonly sequence: string;
}

/**
 * A delivery whose first attempt did not succeed, or that waits. One that succeeds at its first try is never stored.
 *
 * `delivery` is at the attempt that is made next; an ended one is at the attempt that it ended at.
 */
export type StoredDelivery = DeliveryStatus & {
  readonly delivery: Delivery;
  /** When it got into this state. */
  readonly since: Date;
  /** Only on parked deliveries. */
  readonly place?: ParkedPlace;
};

/** Deliveries that are over. */
export const endedStates = ['failed', 'canceled'] as const satisfies readonly DeliveryState[];
/** Deliveries that go on. */
export const openStates = ['planned', 'held', 'parked'] as const satisfies readonly DeliveryState[];

/** Why a planned delivery waits: for its turn, for its next attempt, or for the time that its message was scheduled for. */
export function waitReasonOf({
  attemptNumber,
  scheduledAt,
  notBefore,
  slot,
}: Pick<Delivery, 'attemptNumber' | 'scheduledAt' | 'notBefore' | 'slot'>): PlannedReason {
  if (notBefore !== undefined && notBefore > scheduledAt) return slot ? turnReasonOf(slot) : 'throttled';
  return attemptNumber > 1 ? 'retry' : 'scheduled';
}

/** When the next attempt is made; `undefined` if no time is planned. */
export const nextAttemptAt = ({ reason, delivery }: StoredDelivery): Date | undefined =>
  plannedReasons.some((planned) => planned === reason) ? dueTimeOf(delivery) : undefined;

/** A parked delivery that is the first of its group has one of them, too. */
const plannedReasons: readonly PlannedReason[] = ['retry', 'scheduled', 'throttled', 'endpoint-slow'];

/** Whether an attempt of a delivery was made that has ended: the last one, or one before it. */
export const endedAfterAttempt = ({ reason, delivery }: StoredDelivery): boolean =>
  reason === 'exhausted' || reason === 'gone' || reason === 'aborted' || wasTried(delivery);

/**
 * Whether a delivery ended without a record of the attempt that it ended at. A copy of its job may have been attempted
 * when its row was stored: then the record says what became of it, and the row is out of date.
 */
export const endedUnrecorded = ({ reason }: Pick<StoredDelivery, 'reason'>): boolean =>
  reason === 'endpoint_disabled' || reason === 'endpoint_deleted' || reason === 'set_aside';

/** Whether a delivery that succeeds may be stored: it was tried before, or it was deferred. Most never are. */
export const mayBeStored = ({ attemptNumber, notBefore }: Pick<Delivery, 'attemptNumber' | 'notBefore'>): boolean =>
  attemptNumber > 1 || notBefore !== undefined;

/**
 * A delivery that may have a row although nothing else of it says so: one in a dead letter, or one whose job has come back.
 * `notBefore` says it, so that its success removes the row.
 *
 * @param notBefore - a time that has passed
 */
export const markedAsStored = (delivery: Delivery, notBefore: Date): Delivery =>
  delivery.trigger === 'manual' || mayBeStored(delivery) ? delivery : { ...delivery, notBefore };
