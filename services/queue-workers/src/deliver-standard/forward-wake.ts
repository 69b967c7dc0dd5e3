import type { Clock } from '@posthorn/core';
import type { WakesQueue } from '@posthorn/queues';
import type { RunWake } from '../run-jobs.ts';

export interface ForwardWakeDeps {
  readonly sendWakes: WakesQueue['sendWakes'];
  readonly clock: Clock;
}

/** Sends the wake of a group on to the FIFO queue, when it is due: the standard queue has only delayed it. */
export const createForwardWake =
  ({ sendWakes, clock }: ForwardWakeDeps): RunWake =>
  async ({ wake }) => {
    const delaySeconds = Math.max(0, Math.ceil((wake.at.getTime() - clock().getTime()) / 1000));
    const [unsent] = await sendWakes([{ wake, delaySeconds }]);
    if (unsent) throw unsent.error;
    return 'done';
  };
