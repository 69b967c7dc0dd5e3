import { enforcementOperations } from '@posthorn/contracts/api/enforcement';
import { environmentOperations } from '@posthorn/contracts/api/environment';
import { type EventTypeImportOut, eventTypeOperations } from '@posthorn/contracts/api/event-type';
import { type EventType, type EventTypeRepository, eventTypeForm, hasForm, isShownWith } from '@posthorn/core';
import { json, noContent, unstored } from '../http/answer.ts';
import { notFound } from '../http/refusals.ts';
import { type ApiDeps, createApi } from '../operations/create-api.ts';
import type { Operates } from '../operations/operate.ts';
import { toListAnswer } from '../paging/list-answer.ts';
import { readPageRequest } from '../paging/page-request.ts';
import {
  type ChangeEventTypeDeps,
  createEventTypeArchiver,
  createEventTypePatcher,
  createEventTypeReplacer,
} from './change-event-type.ts';
import { createEventTypeCreator } from './create-event-type.ts';
import { createEnforcedEventTypes, createUsableCheck, type EnforcedEventTypesDeps } from './enforced-event-types.ts';
import { operateEnforcement } from './enforcement-operations.ts';
import { type EnvironmentDeps, operateEnvironment } from './environment/environment-operations.ts';
import { toEventTypeOut } from './event-type-out.ts';
import { heldFlagsOf } from './held-flags.ts';
import { createEventTypeImporter } from './import-openapi.ts';
import { createEventTypeRemover, type RemoveEventTypeDeps } from './remove-event-type.ts';

export interface EventTypesApiDeps extends ApiDeps, ChangeEventTypeDeps, EnforcedEventTypesDeps {
  readonly eventTypes: EventTypeRepository;
  readonly retrySchedules: RemoveEventTypeDeps['retrySchedules'] & EnvironmentDeps['retrySchedules'];
}

export function createEventTypesApi(given: EventTypesApiDeps) {
  const eventTypes = createEnforcedEventTypes(given);
  const deps = { ...given, eventTypes, requireAllUsable: createUsableCheck(given) };
  const create = createEventTypeCreator(deps);
  const replace = createEventTypeReplacer(deps);
  const patch = createEventTypePatcher(deps);
  const archive = createEventTypeArchiver(deps);
  const remove = createEventTypeRemover(deps);
  const importAll = createEventTypeImporter(deps);

  const code = {
    'v1.event-type.list': async ({ caller, query }) => {
      const {
        order = 'ascending',
        include_archived: includeArchived = false,
        with_content: withSchemas = false,
      } = query;
      const request = readPageRequest(query, isStoredName);
      const shown = { includeArchived, heldFlags: heldFlagsOf(caller) };
      const page = await eventTypes.list(caller.organisationId, { ...request, order, ...shown });
      const toRow = (eventType: EventType) => toEventTypeOut(eventType, withSchemas);
      return json(200, toListAnswer({ direction: request.direction, page, idOf: ({ name }) => name, toRow }));
    },
    'v1.event-type.create': async ({ caller: { organisationId } }) => ({
      ids: [],
      exists: async (name) => (await eventTypes.find(organisationId, name)) !== undefined,
      operate: async ({ body: input, origin, now }) =>
        json(201, toEventTypeOut(await create({ organisationId, input, origin, now }), true)),
    }),
    'v1.event-type.import-openapi': async ({ caller: { organisationId } }) => ({
      ids: [],
      operate: async ({ body: input, now }) => {
        const { modified, toModify } = await importAll({ organisationId, input, now });
        const out: EventTypeImportOut = {
          data: { modified: [...modified], to_modify: toModify ? [...toModify] : null },
        };
        const answer = json(200, out);
        // These can be too long to be stored, and an import can be repeated.
        return toModify || modified.length > maxStoredNames ? unstored(answer) : answer;
      },
    }),
    'v1.event-type.get': async ({ caller, path }) => {
      const eventType = await eventTypes.find(caller.organisationId, path.event_type_name);
      if (!eventType || !isShownWith(heldFlagsOf(caller), eventType)) throw notFound();
      return json(200, toEventTypeOut(eventType, true));
    },
    'v1.event-type.update': async ({ caller: { organisationId }, path, body: input, now }) => {
      const { eventType, created } = await replace({ organisationId, name: path.event_type_name, input, now });
      return json(created ? 201 : 200, toEventTypeOut(eventType, true));
    },
    'v1.event-type.patch': async ({ caller: { organisationId }, path, body, now }) => {
      const eventType = await patch({ organisationId, name: path.event_type_name, patch: body, now });
      return json(200, toEventTypeOut(eventType, true));
    },
    'v1.event-type.delete': async ({ caller: { organisationId }, path: { event_type_name: name }, query, now }) => {
      if (query.expunge) await remove(organisationId, name);
      else await archive({ organisationId, name, now });
      return noContent();
    },
  } satisfies Operates<typeof eventTypeOperations>;
  return createApi(
    deps,
    { ...eventTypeOperations, ...enforcementOperations, ...environmentOperations },
    { ...code, ...operateEnforcement(deps), ...operateEnvironment(deps) },
  );
}

/** The answer to an import is kept for its idempotency key if it names no more event types: a row holds 400 KB. */
const maxStoredNames = 1_000;

/** Where a list goes on. An old event type can have the name `.` or `..`, which a new one cannot. */
const isStoredName = (text: string): boolean => hasForm(text, eventTypeForm) || text === '.' || text === '..';
