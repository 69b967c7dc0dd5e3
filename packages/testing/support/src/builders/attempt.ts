import { type Attempt, type NextStep, timeOfId } from '@posthorn/core';
import { ids } from './ids.ts';

/** A first attempt that succeeded, at the time in its id. `next` follows from the outcome unless it is given. */
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
    next: nextOf(overrides),
    eventType: 'invoice.paid',
    channels: [],
    ...overrides,
  };
}

/** The next step of an attempt that is not retried. */
function nextOf({ status, responseStatusCode, trigger }: Partial<Attempt>): NextStep {
  if (status !== 'failed') return { kind: 'done' };
  if (responseStatusCode === 410) return { kind: 'gone' };
  return { kind: trigger === 'manual' ? 'done' : 'exhausted' };
}
