/** Where a message stands at an endpoint, as the API lists it (`/msg/{id}/endpoint`). */
export interface Standing {
  readonly id: string;
  readonly url: string;
  readonly disabled: boolean;
  readonly statusText: 'success' | 'pending' | 'fail' | 'sending' | 'canceled';
  readonly nextAttempt: string | null;
}

/** An attempt of the message, as the API lists it. */
export interface ListedAttempt {
  readonly endpointId: string;
  readonly responseStatusCode: number;
  readonly response: string;
}

/**
 * How a message ended at an endpoint. `waiting`: it goes on. `disabled`: the endpoint was disabled while the message
 * waited, or before it was sent to it. `gone`: the endpoint was deleted before. `blocked`: it has failed at a destination
 * and blocks its group until somebody acts.
 */
export type Outcome = 'delivered' | 'failed' | 'canceled' | 'disabled' | 'gone' | 'blocked' | 'waiting';

/** What `--wait` says about an endpoint. */
export interface EndpointOutcome {
  readonly endpointId: string;
  readonly url: string;
  readonly outcome: Outcome;
  /** Attempts that were made: of the 250 newest ones of the message. */
  readonly attempts: number;
  /** The status of the last answer. null if there was no attempt, 0 if there was no answer. */
  readonly lastStatus: number | null;
  /** Why there was no answer. Absent if there was one. */
  readonly reason?: string;
  readonly nextAttempt: string | null;
}

/** What is known about a message at an endpoint. */
interface Known {
  readonly standing: Standing;
  /** Those of this endpoint, newest first. */
  readonly attempts: readonly ListedAttempt[];
  readonly isBlocked: boolean;
}

/** Decides how a message has ended at an endpoint, or that it goes on. */
export function judge({ standing, attempts, isBlocked }: Known): EndpointOutcome {
  const [last] = attempts;
  return {
    endpointId: standing.id,
    url: standing.url,
    outcome: outcomeOf(standing, isBlocked),
    attempts: attempts.length,
    lastStatus: last ? last.responseStatusCode : null,
    ...(last?.responseStatusCode === 0 && { reason: last.response }),
    nextAttempt: standing.nextAttempt,
  };
}

function outcomeOf({ statusText, disabled }: Standing, isBlocked: boolean): Outcome {
  switch (statusText) {
    case 'success':
      return 'delivered';
    case 'fail':
      return 'failed';
    case 'canceled':
      return 'canceled';
    case 'pending':
    case 'sending':
      if (isBlocked) return 'blocked';
      return disabled ? 'disabled' : 'waiting';
  }
}

/** Nothing more happens to the message there by itself. */
export const isFinal = ({ outcome }: EndpointOutcome): boolean => outcome !== 'waiting';

/** A transformation of the receiver cancels on purpose, so only that is no failure besides a success. */
export const hasFailed = ({ outcome, attempts }: EndpointOutcome): boolean => {
  switch (outcome) {
    case 'delivered':
    case 'waiting':
      return false;
    case 'canceled':
      return attempts === 0;
    case 'failed':
    case 'disabled':
    case 'gone':
    case 'blocked':
      return true;
  }
};
