import type { EventTypeIn } from '@posthorn/contracts/api/event-type';
import { DomainError, type EventType, type EventTypeRepository } from '@posthorn/core';
import { resolveAlias } from '@posthorn/core/alias/resolve-alias';

export interface CreateEventTypeDeps {
  readonly eventTypes: Pick<EventTypeRepository, 'insert'>;
}

interface CreateEventTypeRequest {
  readonly organisationId: string;
  readonly input: EventTypeIn;
  readonly now: Date;
}

/** Creates an event type. If an archived one has the name, the new one replaces it. */
export const createEventTypeCreator =
  ({ eventTypes }: CreateEventTypeDeps) =>
  async (request: CreateEventTypeRequest): Promise<EventType> => {
    const eventType = newEventType(request);
    if ((await eventTypes.insert(eventType)) === 'inserted') return eventType;
    throw new DomainError('event_type_exists', 'An event_type with this name already exists');
  };

function newEventType({ organisationId, input, now }: CreateEventTypeRequest): EventType {
  const flags = { featureFlag: input.featureFlag, featureFlags: input.featureFlags?.[0] };
  const featureFlag = resolveAlias(flags, { names: ['featureFlag', 'featureFlags'], stored: undefined });
  return {
    organisationId,
    name: input.name,
    description: input.description,
    archived: input.archived ?? false,
    deprecated: input.deprecated ?? false,
    ...(input.schemas == null ? {} : { schemas: input.schemas }),
    ...(featureFlag == null ? {} : { featureFlag }),
    ...(input.groupName == null ? {} : { groupName: input.groupName }),
    createdAt: now,
    updatedAt: now,
  };
}
