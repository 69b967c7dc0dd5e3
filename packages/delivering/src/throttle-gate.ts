import { turnReasonOf } from '@posthorn/core';
import type { MayAttempt } from './may-attempt.ts';
import { createTakeTurn, type ThrottleDeps } from './throttle.ts';

/** Holds deliveries to the limits of their endpoint and application, and to that of slow destinations if it is given. */
export function createThrottleGate(deps: ThrottleDeps): MayAttempt {
  const takeTurn = createTakeTurn(deps);
  return async ({ delivery, endpoint }) => {
    const turn = await takeTurn(delivery, endpoint);
    return turn.kind === 'go' ? turn : { ...turn, reason: turnReasonOf(turn.slot) };
  };
}
