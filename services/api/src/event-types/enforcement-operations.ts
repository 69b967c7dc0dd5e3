import type {
  EnforcementOut,
  EventTypeEnforcementOut,
  enforcementOperations,
} from '@posthorn/contracts/api/enforcement';
import type { EnforcementRepository, EventType } from '@posthorn/core';
import { json, noContent } from '../http/answer.ts';
import { notFound } from '../http/refusals.ts';
import type { Operates } from '../operations/operate.ts';
import { updateWithRetry } from '../storing/update-with-retry.ts';
import type { ChangeEventTypeDeps } from './change-event-type.ts';
import { isChecked } from './enforced-event-types.ts';

export interface EnforcementOperationsDeps extends ChangeEventTypeDeps {
  readonly enforcement: EnforcementRepository;
}

/** Whether schemas are enforced: of the organisation, and of an event type instead. */
export function operateEnforcement(deps: EnforcementOperationsDeps) {
  const { enforcement, eventTypes } = deps;
  const find = async (organisationId: string, name: string): Promise<EventType> => {
    const found = await eventTypes.find(organisationId, name);
    if (found === undefined) throw notFound();
    return found;
  };
  const change = async (organisationId: string, name: string, enforced: boolean | undefined): Promise<EventType> => {
    const changed = await updateWithRetry(deps, {
      read: () => find(organisationId, name),
      change: ({ enforced: _, ...rest }) => ({ ...rest, ...(enforced !== undefined && { enforced }) }),
      write: eventTypes.update,
    });
    // Also if nothing has changed: an earlier try may have ended before it noted the switch.
    await enforcement.noteSwitch(organisationId);
    return changed;
  };
  const toOut = async (eventType: EventType): Promise<EventTypeEnforcementOut> => ({
    enabled: eventType.enforced ?? null,
    checked: await isChecked(deps, eventType),
  });

  return {
    'v1.enforcement.get': async ({ caller: { organisationId } }) => {
      const found = await enforcement.findOrganisation(organisationId);
      return json(200, { enabled: found?.enabled ?? false } satisfies EnforcementOut);
    },
    'v1.enforcement.set': async ({ caller: { organisationId }, body: { enabled } }) => {
      await enforcement.put(organisationId, enabled);
      return json(200, { enabled } satisfies EnforcementOut);
    },
    'v1.enforcement.get-of-event-type': async ({ caller: { organisationId }, path: { event_type_name: name } }) =>
      json(200, await toOut(await find(organisationId, name))),
    'v1.enforcement.set-of-event-type': async ({ caller: { organisationId }, path, body: { enabled } }) =>
      json(200, await toOut(await change(organisationId, path.event_type_name, enabled))),
    'v1.enforcement.delete-of-event-type': async ({ caller: { organisationId }, path: { event_type_name: name } }) => {
      await change(organisationId, name, undefined);
      return noContent();
    },
  } satisfies Operates<typeof enforcementOperations>;
}
