import { eventTypeOperations } from '@posthorn/contracts/api/event-type';
import type { EventType, EventTypeRepository, Page } from '@posthorn/core';
import type { Caller } from '@posthorn/secrets/tokens';
import { json } from '../http/answer.ts';
import { notFound } from '../http/refusals.ts';
import { type ApiDeps, createApi } from '../operations/create-api.ts';
import { toListAnswer } from '../paging/list-answer.ts';
import { readPageRequest } from '../paging/page-request.ts';
import { createEventTypeCreator } from './create-event-type.ts';
import { toEventTypeOut } from './event-type-out.ts';

export interface EventTypesApiDeps extends ApiDeps {
  readonly eventTypes: Pick<EventTypeRepository, 'insert' | 'find' | 'list'>;
}

export function createEventTypesApi(deps: EventTypesApiDeps) {
  const { eventTypes } = deps;
  const create = createEventTypeCreator(deps);

  return createApi(deps, eventTypeOperations, {
    'v1.event-type.list': async ({ caller, query }) => {
      const { include_archived: includeArchived = false, with_content: withSchemas = false } = query;
      const request = readPageRequest(query, (text) => /^[a-zA-Z0-9\-_.]{1,256}$/.test(text));
      const page = visible(await eventTypes.list(caller.organisationId, { ...request, includeArchived }), caller);
      const toRow = (eventType: EventType) => toEventTypeOut(eventType, withSchemas);
      return json(200, toListAnswer({ query, direction: request.direction, page, idOf: ({ name }) => name, toRow }));
    },
    'v1.event-type.create': async ({ caller: { organisationId } }) => ({
      ids: [],
      exists: async (name) => (await eventTypes.find(organisationId, name)) !== undefined,
      operate: async ({ body: input, now }) =>
        json(201, toEventTypeOut(await create({ organisationId, input, now }), true)),
    }),
    'v1.event-type.get': async ({ caller, path }) => {
      const eventType = await eventTypes.find(caller.organisationId, path.event_type_name);
      if (!eventType || !maySee(caller, eventType)) throw notFound();
      return json(200, toEventTypeOut(eventType, true));
    },
  });
}

/** Only the organisation sees event types with a feature flag: an application's token carries no flags. */
const maySee = (caller: Caller, { featureFlag }: EventType): boolean =>
  caller.kind === 'organisation' || featureFlag === undefined;

/** A page without the rows that the caller must not see. The list continues after the last row that was read. */
function visible(page: Page<EventType>, caller: Caller): Page<EventType> {
  const resumeAt = page.resumeAt ?? page.items.at(-1)?.name;
  const items = page.items.filter((eventType) => maySee(caller, eventType));
  if (items.length === page.items.length) return page;
  return { items, done: page.done, ...(resumeAt === undefined ? {} : { resumeAt }) };
}
