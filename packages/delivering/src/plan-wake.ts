import type { Clock, DueDeliveryRepository, Wake } from '@posthorn/core';

/** A queue delays a job for at most 15 minutes. */
const maxDelayMs = 900_000;

export interface PlanWakeDeps {
  readonly insertWake: DueDeliveryRepository['insertWake'];
  /** Returns the wakes that were not sent. */
  readonly sendWakes: (
    entries: readonly { readonly wake: Wake; readonly delaySeconds: number }[],
  ) => Promise<readonly unknown[]>;
  readonly clock: Clock;
}

/**
 * Stores a wake in the due table, which brings it to about a minute. A wait of up to 15 minutes also sends it through the
 * queue, which brings it to the second. Nothing depends on that: if the queue does not accept it, it comes later.
 */
export const createPlanWake =
  ({ insertWake, sendWakes, clock }: PlanWakeDeps) =>
  async (wake: Wake): Promise<void> => {
    await insertWake(wake);
    const delayMs = Math.max(0, wake.at.getTime() - clock().getTime());
    if (delayMs <= maxDelayMs) await sendWakes([{ wake, delaySeconds: Math.ceil(delayMs / 1000) }]);
  };
