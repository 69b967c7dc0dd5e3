import type { EventTypePatch, EventTypeUpsert } from '@posthorn/contracts/api/event-type';
import type { EventType, EventTypeContent, EventTypeRepository } from '@posthorn/core';
import { notFound } from '../http/refusals.ts';
import { type UpdateWithRetryDeps, updateWithRetry } from '../storing/update-with-retry.ts';
import { eventTypeContent, patchedContent } from './event-type-content.ts';
import { emptyContent, newEventType } from './new-event-type.ts';

export interface ChangeEventTypeDeps extends UpdateWithRetryDeps {
  readonly eventTypes: Pick<EventTypeRepository, 'insert' | 'find' | 'update'>;
}

/** Which event type is changed, and when. */
export interface ChangeRequest {
  readonly organisationId: string;
  readonly name: string;
  readonly now: Date;
}

/** Changes the given fields of an event type: an absent field is kept, null clears it. */
export const createEventTypePatcher =
  (deps: ChangeEventTypeDeps) =>
  ({ patch, ...request }: ChangeRequest & { patch: EventTypePatch }): Promise<EventType> =>
    change(deps, request, (current, first) => patchedContent(current, patch, first));

/** Archives an event type: endpoints keep it in their filters, but no endpoint can ask for it any more. */
export const createEventTypeArchiver =
  (deps: ChangeEventTypeDeps) =>
  (request: ChangeRequest): Promise<EventType> =>
    change(deps, request, (current) => ({ ...current, archived: true }));

function change(
  deps: ChangeEventTypeDeps,
  { organisationId, name, now }: ChangeRequest,
  contentOf: (current: EventType, first: EventType) => EventTypeContent,
): Promise<EventType> {
  return updateWithRetry(deps, {
    read: async () => {
      const found = await deps.eventTypes.find(organisationId, name);
      if (found === undefined) throw notFound();
      return found;
    },
    change: (current, first) => replaced(current, contentOf(current, first), now),
    write: deps.eventTypes.update,
  });
}

/** Replaces the content of an event type. If there is none with the name, live or archived, it is created. */
export const createEventTypeReplacer =
  (deps: ChangeEventTypeDeps) =>
  ({ input, ...request }: ChangeRequest & { input: EventTypeUpsert }): Promise<PutEventType> =>
    putEventType(deps, request, (_, first) => eventTypeContent(input, first));

interface PutEventType {
  readonly eventType: EventType;
  readonly created: boolean;
}

/**
 * Writes the content of an event type, whether or not there is one with the name.
 *
 * @param contentOf - the content, from the event type as it is now and as it was at first: undefined if there is none
 */
export async function putEventType(
  deps: ChangeEventTypeDeps,
  { organisationId, name, now }: ChangeRequest,
  contentOf: (current: EventType | undefined, first: EventType | undefined) => EventTypeContent,
): Promise<PutEventType> {
  const { find, insert, update } = deps.eventTypes;
  // It stands for the event type as long as there is none. A refused insert means that there is one now.
  const absent = absentEventType({ organisationId, name, now });
  const unlessAbsent = (eventType: EventType) => (eventType === absent ? undefined : eventType);
  let created = false;
  const eventType = await updateWithRetry(deps, {
    read: async () => (await find(organisationId, name)) ?? absent,
    change: (current, first) => replaced(current, contentOf(unlessAbsent(current), unlessAbsent(first)), now),
    write: async (next, current) => {
      created = current === absent;
      if (!created) return update(next, current);
      return (await insert(next)) === 'inserted' ? 'updated' : 'stale';
    },
  });
  return { eventType, created };
}

/** An event type with the given content, as `putEventType` writes it. */
export const plannedEventType = (
  request: ChangeRequest,
  current: EventType | undefined,
  content: EventTypeContent,
): EventType => replaced(current ?? absentEventType(request), content, request.now);

const absentEventType = (request: ChangeRequest): EventType => newEventType({ ...request, content: emptyContent });

const replaced = (previous: EventType, content: EventTypeContent, now: Date): EventType => ({
  organisationId: previous.organisationId,
  name: previous.name,
  ...(previous.creation !== undefined && { creation: previous.creation }),
  revision: previous.revision,
  createdAt: previous.createdAt,
  // It is switched by operations of its own.
  ...(previous.enforced !== undefined && { enforced: previous.enforced }),
  ...content,
  updatedAt: now,
});
