import type { MayAttempt } from './may-attempt.ts';
import { createTakeTurn, type ThrottleDeps } from './throttle.ts';

/** Holds deliveries to the limits of their endpoint and application. */
export function createThrottleGate(deps: ThrottleDeps): MayAttempt {
  const takeTurn = createTakeTurn(deps);
  return async ({ delivery, endpoint }) => {
    const turn = await takeTurn(delivery, endpoint);
    return turn.kind === 'go' ? turn : { ...turn, reason: 'throttled' };
  };
}
