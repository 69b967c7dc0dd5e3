import type { Delivery } from '@posthorn/core';
import { ids, startOfTests } from './ids.ts';

/** A delivery before its first attempt. */
export const aDelivery = (overrides: Partial<Delivery> = {}): Delivery => ({
  organisationId: ids.organisation,
  applicationId: ids.application,
  messageId: ids.message,
  endpointId: ids.endpoint,
  attemptNumber: 1,
  scheduledAt: startOfTests,
  trigger: 'scheduled',
  ...overrides,
});
