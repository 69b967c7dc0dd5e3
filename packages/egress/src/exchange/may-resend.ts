import type { Connection } from '../connection/connection.ts';
import { Unreachable } from '../failure/unreachable.ts';

export interface BrokenExchange {
  readonly error: unknown;
  readonly connection: Pick<Connection, 'isReused' | 'hasAnswered'>;
  readonly elapsedMs: number;
}

const resendWindowMs = 1_000;

/**
 * Whether a request may be sent once more inside the same attempt, on a new connection: only when a kept connection broke
 * at once and no byte of an answer had arrived. Endpoints close idle connections, and this one was closed just when it
 * was used. If a new connection breaks, or a kept one breaks later, the request may have been handled.
 */
export const mayResend = ({ error, connection, elapsedMs }: BrokenExchange): boolean =>
  error instanceof Unreachable &&
  (error.reason === 'reset' || error.reason === 'reset-before-request') &&
  connection.isReused &&
  !connection.hasAnswered &&
  elapsedMs < resendWindowMs;
