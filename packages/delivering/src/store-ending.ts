import {
  type Clock,
  type Delivery,
  type DeliveryRepository,
  type Ending,
  isPassingError,
  type Log,
  UnusableData,
} from '@posthorn/core';

export interface StoreEndingDeps {
  readonly storeDelivery: DeliveryRepository['put'];
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Stores how a delivery ended. If what is stored cannot be used, nothing is stored, and the log says so: the job must not
 * come back for ever. One that was set aside is among the dead letters already, so no error that lasts brings its job back.
 *
 * @throws an error that can pass: the job comes back, and does this again
 */
export async function storeEnding(
  { storeDelivery, clock, log }: StoreEndingDeps,
  delivery: Delivery,
  ending: Ending,
): Promise<'stored' | 'same' | 'superseded' | 'not-stored'> {
  try {
    return await storeDelivery({ ...ending, delivery, since: clock() });
  } catch (error) {
    const lasts = error instanceof UnusableData || ending.reason === 'set_aside';
    if (isPassingError(error) || !lasts) throw error;
    const { messageId, endpointId, attemptNumber } = delivery;
    log.error('delivery.ending_not_stored', { messageId, endpointId, attemptNumber, reason: ending.reason, error });
    return 'not-stored';
  }
}
