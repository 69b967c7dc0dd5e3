import type { Attempt } from './attempt.ts';
import { wasCanceledByCode } from './attempt-result.ts';

/** The part of an attempt's record that facts are derived from. */
export type FactAttempt = Pick<
  Attempt,
  | 'organisationId'
  | 'applicationId'
  | 'messageId'
  | 'endpointId'
  | 'attemptId'
  | 'attemptNumber'
  | 'trigger'
  | 'status'
  | 'responseStatusCode'
  | 'attemptedAt'
  | 'next'
  | 'eventId'
>;

/** What an attempt says about its delivery that the sender should know. */
export interface AttemptFact {
  /**
   * `failing`: the fourth attempt of the delivery failed. `exhausted`: its last attempt failed. `recovered`: it succeeded
   * after at least four failures.
   */
  readonly kind: 'failing' | 'exhausted' | 'recovered';
  readonly organisationId: string;
  readonly applicationId: string;
  readonly messageId: string;
  readonly endpointId: string;
  /** The sender's own id of the message, if it has one. */
  readonly eventId?: string;
  /** The attempt that led to the fact. With `kind`, its id identifies the fact, also when its record is replayed. */
  readonly lastAttempt: {
    readonly attemptId: string;
    readonly attemptNumber: number;
    /** 0 if there was no answer. */
    readonly responseStatusCode: number;
    readonly attemptedAt: Date;
  };
}

/** A delivery is failing after this many failed attempts. */
const failuresUntilFailing = 4;

/**
 * The facts in the record of an attempt. They follow from this record alone, so a delivery has each of them at most once.
 * Manual attempts lead to none: their numbers say nothing about the delivery.
 */
export function attemptFactsOf(attempt: FactAttempt): readonly AttemptFact[] {
  const { organisationId, applicationId, messageId, endpointId, eventId } = attempt;
  const { attemptId, attemptNumber, responseStatusCode, attemptedAt } = attempt;
  return kindsOf(attempt).map((kind) => ({
    kind,
    organisationId,
    applicationId,
    messageId,
    endpointId,
    ...(eventId !== undefined && { eventId }),
    lastAttempt: { attemptId, attemptNumber, responseStatusCode, attemptedAt },
  }));
}

/** Whether an attempt of this number and status can lead to a fact, so that all others need not be read as a whole. */
export const mayHaveFacts = ({ attemptNumber, status }: Pick<FactAttempt, 'attemptNumber' | 'status'>): boolean =>
  status === 'failed' || attemptNumber > failuresUntilFailing;

function kindsOf(attempt: FactAttempt): readonly AttemptFact['kind'][] {
  const { trigger, status, attemptNumber, next } = attempt;
  if (trigger === 'manual') return [];
  // Nothing was delivered if code canceled the message.
  if (status === 'succeeded')
    return attemptNumber > failuresUntilFailing && !wasCanceledByCode(attempt) ? ['recovered'] : [];
  return [
    ...(attemptNumber === failuresUntilFailing ? (['failing'] as const) : []),
    ...(next.kind === 'exhausted' ? (['exhausted'] as const) : []),
  ];
}
