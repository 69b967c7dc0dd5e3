import type { EventTypeIn } from '@posthorn/contracts/api/event-type';
import { DomainError, type EventType, type EventTypeRepository } from '@posthorn/core';
import { eventTypeContent } from './event-type-content.ts';
import { newEventType } from './new-event-type.ts';

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
  async ({ organisationId, input, now }: CreateEventTypeRequest): Promise<EventType> => {
    const eventType = newEventType({ organisationId, name: input.name, content: eventTypeContent(input), now });
    if ((await eventTypes.insert(eventType)) === 'inserted') return eventType;
    throw new DomainError('event_type_exists', 'An event_type with this name already exists');
  };
