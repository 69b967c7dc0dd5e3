import type { Attempt, AttemptResult, Delivery, Message, NextStep } from '@posthorn/core';

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
  return {
    organisationId,
    applicationId,
    messageId,
    endpointId,
    attemptId,
    attemptNumber,
    trigger,
    status: outcome.kind === 'accepted' ? 'succeeded' : 'failed',
    url,
    responseStatusCode: outcome.kind === 'unreachable' ? 0 : outcome.status,
    response,
    responseDurationMs: durationMs,
    attemptedAt,
    next,
    eventType: message.eventType,
    channels: message.channels,
  };
}
