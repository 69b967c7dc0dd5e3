import type { CountedAttempt } from '@posthorn/core';
import { ids, secondsLater } from './ids.ts';

/** A successful attempt at the usual endpoint, as statistics count it. It was planned for the time when it was made. */
export const aCountedAttempt = (overrides: Partial<CountedAttempt> = {}): CountedAttempt => ({
  applicationId: ids.application,
  endpointId: ids.endpoint,
  eventType: 'invoice.paid',
  source: `${overrides.endpointId ?? ids.endpoint}#0`,
  sequenceNumber: '1',
  succeeded: true,
  attemptedAt: secondsLater(0),
  plannedAt: overrides.attemptedAt ?? secondsLater(0),
  ...overrides,
});
