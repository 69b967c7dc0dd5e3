import { isPassingError } from './passing-error.ts';
import { reasonOf } from './set-aside-reason.ts';
import { UnusableData } from './unusable-data.ts';

/** A job that ended with an error. */
export interface FailedJob {
  readonly error: unknown;
  /** How often the queue has handed the job out, this time included. */
  readonly receives: number;
}

/**
 * `return`: the job goes back to the queue. `set-aside`: it goes to the dead letters with the reason. `fault` says who
 * caused the error: something outside that recovers (`passing`), the stored data, or our own code.
 */
export type FailureDecision =
  | { readonly kind: 'return'; readonly fault: 'passing' | 'own' }
  | { readonly kind: 'set-aside'; readonly fault: 'data' | 'own'; readonly reason: string };

/**
 * A job that fails by our own fault is set aside when it is received this often. At one receive every three minutes, the
 * visibility timeout, that is an hour and a half: time to deploy a correction.
 */
export const maxReceivesOfFaultyJob = 30;

/**
 * Decides what becomes of a job that ended with an error. A passing error never ends it. Data that cannot be used ends
 * it at once. Any other error is our own fault: the job goes back to the queue for a while.
 */
export function decideOnFailure({ error, receives }: FailedJob): FailureDecision {
  if (isPassingError(error)) return { kind: 'return', fault: 'passing' };
  if (error instanceof UnusableData) return { kind: 'set-aside', fault: 'data', reason: error.message };
  if (receives < maxReceivesOfFaultyJob) return { kind: 'return', fault: 'own' };
  return { kind: 'set-aside', fault: 'own', reason: reasonOf(error) };
}
