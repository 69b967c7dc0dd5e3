import { type CheckPayloads, toKeyedSchemas } from '@posthorn/checking';
import type { EnforcementRepository, EventType, EventTypeRepository } from '@posthorn/core';
import { invalidField } from '../http/refusals.ts';
import { noteOnce } from './note-once.ts';
import { runForEach } from './run-for-each.ts';

export interface EnforcedEventTypesDeps {
  readonly eventTypes: EventTypeRepository;
  readonly enforcement: EnforcementRepository;
  readonly checkPayload: CheckPayloads;
}

interface UsableCheckDeps extends Pick<EnforcedEventTypesDeps, 'checkPayload'> {
  readonly enforcement: Pick<EnforcementRepository, 'findOrganisation'>;
}

/**
 * Event types whose changes are noted, so that messages are checked against the new schema within seconds. A schema that
 * is enforced is refused if it cannot be used.
 */
export function createEnforcedEventTypes(deps: EnforcedEventTypesDeps): EventTypeRepository {
  const { eventTypes, enforcement } = deps;
  const noteChange = noteOnce(enforcement.noteChange);
  return {
    ...eventTypes,
    insert: async (eventType) => {
      await requireUsable(deps, eventType, schemasOfBody);
      const inserted = await eventTypes.insert(eventType);
      if (inserted === 'inserted') await noteChange(eventType.organisationId);
      return inserted;
    },
    update: async (next, previous) => {
      if (isOtherwise(next, previous)) await requireUsable(deps, next, schemasOfBody);
      const updated = await eventTypes.update(next, previous);
      if (updated === 'updated') await noteChange(next.organisationId);
      return updated;
    },
    delete: async (organisationId, name) => {
      const deleted = await eventTypes.delete(organisationId, name);
      if (deleted === 'deleted') await noteChange(organisationId);
      return deleted;
    },
  };
}

/** Whether a change has to do with what is enforced. */
const isOtherwise = (next: EventType, previous: EventType): boolean =>
  next.enforced !== previous.enforced ||
  next.archived !== previous.archived ||
  JSON.stringify(next.schemas) !== JSON.stringify(previous.schemas);

/** Whether messages of an event type are checked. */
export async function isChecked(
  { enforcement }: Pick<UsableCheckDeps, 'enforcement'>,
  { organisationId, archived, schemas = {}, enforced }: EventType,
): Promise<boolean> {
  if (archived || Object.keys(schemas).length === 0) return false;
  return enforced ?? (await enforcement.findOrganisation(organisationId))?.enabled ?? false;
}

/** An event type as it is to be written. */
export interface PlannedEventType {
  readonly next: EventType;
  /** Absent if it is new. */
  readonly previous: EventType | undefined;
  /** The place of its schemas in the request. */
  readonly loc: readonly string[];
}

/** @throws ValidationError if the schema of one of them is enforced and cannot be used */
export type RequireAllUsable = (planned: readonly PlannedEventType[]) => Promise<void>;

/** Checks the event types of one organisation before the first of them is written. */
export const createUsableCheck =
  ({ enforcement, checkPayload }: UsableCheckDeps): RequireAllUsable =>
  async (planned) => {
    let found: ReturnType<typeof enforcement.findOrganisation> | undefined;
    const findOrganisation = (organisationId: string) => {
      found ??= enforcement.findOrganisation(organisationId);
      return found;
    };
    const changed = planned.filter(({ next, previous }) => previous === undefined || isOtherwise(next, previous));
    await runForEach(changed, ({ next, loc }) =>
      requireUsable({ enforcement: { findOrganisation }, checkPayload }, next, loc),
    );
  };

const schemasOfBody = ['body', 'schemas'];

/** @throws ValidationError if the schema is enforced and cannot be used */
async function requireUsable(deps: UsableCheckDeps, eventType: EventType, loc: readonly string[]): Promise<void> {
  if (!(await isChecked(deps, eventType))) return;
  const { organisationId, name } = eventType;
  const schemas = toKeyedSchemas(JSON.stringify(eventType.schemas));
  const result = await deps.checkPayload({ organisationId, application: '', schemas });
  if (result.kind !== 'uncheckable') return;
  throw invalidField(loc, `the schema of ${name} cannot be enforced: ${result.reason}`);
}
