import type { EventTypeIn } from '@posthorn/contracts/api/event-type';
import { DomainError, type EventType, type EventTypeRepository } from '@posthorn/core';
import { nameFrom, type RequestOrigin } from '../idempotency/request-origin.ts';
import { eventTypeContent } from './event-type-content.ts';
import { newEventType } from './new-event-type.ts';

export interface CreateEventTypeDeps {
  readonly eventTypes: Pick<EventTypeRepository, 'insert' | 'find'>;
}

interface CreateEventTypeRequest {
  readonly organisationId: string;
  readonly input: EventTypeIn;
  readonly origin: RequestOrigin;
  readonly now: Date;
}

/**
 * Creates an event type. If an archived one has the name, the new one replaces it. The same request creates it once, however
 * often it is taken up again. An event type has no id, so it keeps the name of the request that created it.
 */
export const createEventTypeCreator =
  ({ eventTypes }: CreateEventTypeDeps) =>
  async ({ organisationId, input, origin, now }: CreateEventTypeRequest): Promise<EventType> => {
    const { name } = input;
    const creation = nameFrom(origin, 'creation');
    const findOwn = async () => {
      const stored = await eventTypes.find(organisationId, name);
      return stored?.creation === creation ? stored : undefined;
    };
    // It may have been archived since then. It must not come back.
    const created = origin.isResumed ? await findOwn() : undefined;
    if (created) return created;
    const eventType = newEventType({ organisationId, name, creation, content: eventTypeContent(input), now });
    if ((await eventTypes.insert(eventType)) === 'inserted') return eventType;
    // Also the first try can find its own: if the response of the table was lost, the write is sent again.
    const own = await findOwn();
    if (own) return own;
    throw new DomainError('event_type_exists', 'An event_type with this name already exists');
  };
