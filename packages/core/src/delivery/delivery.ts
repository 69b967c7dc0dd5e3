import type { AttemptTrigger } from '../attempt/attempt-trigger.ts';
import { type ThrottleSlot, throttlePatienceMs } from '../throttle/throttle-slot.ts';

/** One message on its way to one endpoint, at the attempt that is made next. */
export interface Delivery {
  readonly organisationId: string;
  readonly applicationId: string;
  readonly messageId: string;
  readonly endpointId: string;
  /** From 1. A manual attempt is counted by itself and is always 1. */
  readonly attemptNumber: number;
  /** The time that this attempt was planned for. The attempt's id derives from it, so that a replay finds the same id. */
  readonly scheduledAt: Date;
  readonly trigger: AttemptTrigger;
  /** Only on manual attempts: their id was returned to the caller when the attempt was requested. */
  readonly attemptId?: string;
  /**
   * Only on deferred deliveries: the attempt is not made before this time. A deferral is not an attempt and leaves no
   * attempt record, so `attemptNumber` and `scheduledAt`, and with them the attempt's id, stay the same.
   */
  readonly notBefore?: Date;
  /** Only on deliveries that wait for their turn at a throttled endpoint or application: the turn is at `notBefore`. */
  readonly slot?: ThrottleSlot;
  /** Only on deliveries that a task has begun again: the retry schedule counts from this attempt. Otherwise from 1. */
  readonly retriesFrom?: number;
  /** Only on deliveries that a task has begun again, and that no attempt was made of before. */
  readonly isUntried?: true;
  /** Only on the probe of an endpoint's breaker: the epoch in which the breaker lets it pass. */
  readonly probe?: number;
}

/** The id of a delivery. It is the same for every attempt of a message at an endpoint. */
export const deliveryIdOf = ({ messageId, endpointId }: Pick<Delivery, 'messageId' | 'endpointId'>): string =>
  `${messageId}_${endpointId}`;

/** Whether an attempt of the delivery was made before the one that it is at. Attempts by hand do not count. */
export const wasTried = ({ attemptNumber, isUntried }: Pick<Delivery, 'attemptNumber' | 'isUntried'>): boolean =>
  attemptNumber > 1 && isUntried !== true;

/** The number of the attempt since the delivery was begun, from 1: what the retry schedule counts. */
export const attemptInSchedule = ({
  attemptNumber,
  retriesFrom = 1,
}: Pick<Delivery, 'attemptNumber' | 'retriesFrom'>) => attemptNumber - retriesFrom + 1;

/**
 * The delivery begun again after its last attempt, with the whole retry schedule before it. Its attempts have other ids
 * than those before, and the same ones each time that it is begun again for the same time.
 *
 * @param last - the number of the last attempt that was made or planned
 * @param wasTried - whether an attempt was made
 * @param at - when it is begun again
 */
export const begunAgain = (
  { organisationId, applicationId, messageId, endpointId }: DeliveryIds,
  { last, wasTried }: { readonly last: number; readonly wasTried: boolean },
  at: Date,
): Delivery => ({
  organisationId,
  applicationId,
  messageId,
  endpointId,
  attemptNumber: last + 1,
  retriesFrom: last + 1,
  ...(!wasTried && { isUntried: true }),
  scheduledAt: at,
  trigger: 'scheduled',
});

type DeliveryIds = Pick<Delivery, 'organisationId' | 'applicationId' | 'messageId' | 'endpointId'>;

/** The time from which the delivery's attempt may be made: the planned time, or the end of a deferral if that is later. */
export const dueTimeOf = ({ scheduledAt, notBefore }: Pick<Delivery, 'scheduledAt' | 'notBefore'>): Date =>
  notBefore !== undefined && notBefore > scheduledAt ? notBefore : scheduledAt;

/** When a worker takes up a delivery that is due at a time. It waits for a slot itself, since queues delay by whole seconds. */
export const takeUpTimeOf = ({ slot }: Pick<Delivery, 'slot'>, due: Date): Date =>
  slot ? new Date(due.getTime() - throttlePatienceMs) : due;

/** For how many seconds a queue delays a delivery until it is due. One with a slot comes back in the second before it. */
export function delaySecondsOf(delivery: Pick<Delivery, 'scheduledAt' | 'notBefore' | 'slot'>, now: Date): number {
  const seconds = (dueTimeOf(delivery).getTime() - now.getTime()) / 1_000;
  return Math.max(0, delivery.slot ? Math.floor(seconds) : Math.ceil(seconds));
}

/** The delivery at its next attempt, planned for `at`. A deferral of the attempt before is dropped. */
export const followUpOf = (
  { notBefore: _, slot: __, probe: ___, isUntried: ____, ...delivery }: Delivery,
  at: Date,
): Delivery => ({
  ...delivery,
  attemptNumber: delivery.attemptNumber + 1,
  scheduledAt: at,
});
