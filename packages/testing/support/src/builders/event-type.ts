import type { EventType } from '@posthorn/core';
import { ids, startOfTests } from './ids.ts';

/** A live event type without a schema. */
export const anEventType = (overrides: Partial<EventType> = {}): EventType => ({
  organisationId: ids.organisation,
  name: 'invoice.paid',
  description: 'An invoice was paid',
  archived: false,
  deprecated: false,
  featureFlags: [],
  revision: 1,
  createdAt: startOfTests,
  updatedAt: startOfTests,
  ...overrides,
});
