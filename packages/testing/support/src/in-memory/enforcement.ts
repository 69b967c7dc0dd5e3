import type {
  EnforcementChecks,
  EnforcementRepository,
  EventTypeRepository,
  OrganisationEnforcement,
} from '@posthorn/core';

interface EnforcementOptions {
  readonly eventTypes: Pick<EventTypeRepository, 'find'>;
  /** Counts a change of the installation. */
  readonly noteEnforcement: () => void;
}

/** Enforcement in a map, of event types that are elsewhere. */
export function inMemoryEnforcement({
  eventTypes,
  noteEnforcement,
}: EnforcementOptions): EnforcementRepository & EnforcementChecks {
  const rows = new Map<string, OrganisationEnforcement>();
  const change = (organisationId: string, enabled?: boolean): void => {
    const before = rows.get(organisationId) ?? { enabled: false, version: 0 };
    rows.set(organisationId, { enabled: enabled ?? before.enabled, version: before.version + 1 });
    noteEnforcement();
  };
  return {
    findOrganisation: async (organisationId) => rows.get(organisationId),
    findEventType: async (organisationId, name) => {
      const found = await eventTypes.find(organisationId, name);
      if (!found || found.archived) return undefined;
      const { enforced, schemas = {} } = found;
      return {
        ...(enforced !== undefined && { enforced }),
        ...(Object.keys(schemas).length > 0 && { schemas: JSON.stringify(schemas) }),
      };
    },
    put: async (organisationId, enabled) => change(organisationId, enabled),
    noteSwitch: async (organisationId) => change(organisationId),
    noteChange: async (organisationId) => {
      if (rows.has(organisationId)) change(organisationId);
    },
  };
}
