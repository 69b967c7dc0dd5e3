import type { EventTypeOut } from '@posthorn/contracts/api/event-type';
import type { EventType } from '@posthorn/core';

/** An event type in a response. Schemas can be long, so lists leave them out by default. */
export const toEventTypeOut = (eventType: EventType, withSchemas: boolean): EventTypeOut => ({
  name: eventType.name,
  description: eventType.description,
  archived: eventType.archived,
  deprecated: eventType.deprecated,
  schemas: withSchemas && eventType.schemas ? { ...eventType.schemas } : null,
  featureFlag: eventType.featureFlags[0] ?? null,
  featureFlags: eventType.featureFlags.length === 0 ? null : [...eventType.featureFlags],
  groupName: eventType.groupName ?? null,
  createdAt: eventType.createdAt.toISOString(),
  updatedAt: eventType.updatedAt.toISOString(),
});
