import {
  type Attempt,
  type AttemptResult,
  attemptFactsOf,
  type Delivery,
  type Message,
  type NextStep,
} from '@posthorn/core';

/** An attempt that was made, and what was decided after it. */
export interface MadeAttempt {
  readonly delivery: Delivery;
  readonly attemptId: string;
  readonly message: Message;
  /** Where the message was sent, without credentials. */
  readonly url: string;
  readonly result: AttemptResult;
  readonly attemptedAt: Date;
  readonly next: NextStep;
}

/** The record of an attempt. */
export function toAttempt({ delivery, attemptId, message, url, result, attemptedAt, next }: MadeAttempt): Attempt {
  const { organisationId, applicationId, messageId, endpointId, attemptNumber, trigger } = delivery;
  const { outcome, response, durationMs } = result;
  const attempt: Attempt = {
    organisationId,
    applicationId,
    messageId,
    endpointId,
    attemptId,
    attemptNumber,
    trigger,
    status: outcome.kind === 'accepted' || outcome.kind === 'canceled' ? 'succeeded' : 'failed',
    url,
    responseStatusCode: 'status' in outcome ? outcome.status : 0,
    response,
    responseDurationMs: durationMs,
    attemptedAt,
    next,
    eventType: message.eventType,
    channels: message.channels,
  };
  const { eventId } = message;
  return eventId !== undefined && attemptFactsOf(attempt).length > 0 ? { ...attempt, eventId } : attempt;
}
