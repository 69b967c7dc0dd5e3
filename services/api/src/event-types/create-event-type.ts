import type { EventTypeIn } from '@posthorn/contracts/api/event-type';
import { DomainError, type EventType, type EventTypeRepository } from '@posthorn/core';
import type { RequestOrigin } from '../idempotency/request-origin.ts';
import { eventTypeContent } from './event-type-content.ts';
import { newEventType } from './new-event-type.ts';

export interface CreateEventTypeDeps {
  readonly eventTypes: Pick<EventTypeRepository, 'insert' | 'find'>;
}

interface CreateEventTypeRequest {
  readonly organisationId: string;
  readonly input: EventTypeIn;
  readonly origin: RequestOrigin;
}

/**
 * Creates an event type. If an archived one has the name, the new one replaces it. The same request creates it once, however
 * often it is taken up again.
 */
export const createEventTypeCreator =
  ({ eventTypes }: CreateEventTypeDeps) =>
  async ({ organisationId, input, origin }: CreateEventTypeRequest): Promise<EventType> => {
    const { name } = input;
    const eventType = newEventType({ organisationId, name, content: eventTypeContent(input), now: origin.at });
    if ((await eventTypes.insert(eventType)) === 'inserted') return eventType;
    const stored = origin.isResumed ? await eventTypes.find(organisationId, name) : undefined;
    // An event type has no id. The time of its creation tells whether an earlier try of this request created it.
    if (stored?.createdAt.getTime() === origin.at.getTime()) return stored;
    throw new DomainError('event_type_exists', 'An event_type with this name already exists');
  };
