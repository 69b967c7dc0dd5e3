import { type Attempt, timeOfId } from '@posthorn/core';
import { ids } from './ids.ts';

/** A first attempt that succeeded, at its id's time. */
export function anAttempt(overrides: Partial<Attempt> = {}): Attempt {
  const attemptId = overrides.attemptId ?? ids.attempt;
  return {
    organisationId: ids.organisation,
    applicationId: ids.application,
    messageId: ids.message,
    endpointId: ids.endpoint,
    attemptId,
    attemptNumber: 1,
    trigger: 'scheduled',
    status: 'succeeded',
    url: 'https://example.com/webhooks',
    responseStatusCode: 200,
    response: 'thank you',
    responseDurationMs: 40,
    attemptedAt: timeOfId(attemptId),
    eventType: 'invoice.paid',
    channels: [],
    ...overrides,
  };
}
