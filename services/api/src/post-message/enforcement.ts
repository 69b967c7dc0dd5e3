import { type CheckPayloads, type KeyedSchemas, toKeyedSchemas } from '@posthorn/checking';
import type { EnforcementChecks, OrganisationEnforcement } from '@posthorn/core';
import { createBoundedMemory } from '@posthorn/core/memory/bounded-memory';
import { shareRunning } from '@posthorn/core/memory/share-running';
import { createSizedMemory } from '@posthorn/core/memory/sized-memory';
import type { Clock } from '@posthorn/platform';

export interface EnforcementDeps {
  readonly enforcement: EnforcementChecks;
  readonly checkPayload: CheckPayloads;
  readonly clock: Clock;
}

/** A message whose event type may have a schema. */
export interface Checked {
  readonly organisationId: string;
  /** By any name. */
  readonly application: string;
  readonly eventType: string;
  readonly payload: string;
}

/** Why a message is refused. The path leads to a place in the payload. */
export interface Refusal {
  readonly of: 'payload' | 'event-type';
  readonly path: readonly string[];
  readonly message: string;
}

/** What is known of an organisation. It is true as long as the version of the installation is the same. */
type KnownOrganisation = OrganisationEnforcement & { readonly at: number };

/** What is known of an event type. It is true as long as the version of its organisation is the same. */
interface KnownEventType {
  readonly at: number;
  readonly schemas?: KeyedSchemas | undefined;
}

const neverUsed: OrganisationEnforcement = { enabled: false, version: 0 };
const maxOrganisations = 10_000;
/** Event types count as this many characters each, and their schemas on top. */
const eventTypeSize = 200;
const maxKeptCharacters = 8_000_000;
/** After this time all is read again, whatever the versions say: a writer can die before it changes them. */
const keepMs = 5 * 60_000;

/**
 * Checks the payloads of event types that are enforced. What is enforced is kept in memory, and read again only if the
 * version of the installation has changed. Without any enforcement in the installation, nothing is read.
 */
export function createEnforcement({ enforcement, checkPayload, clock }: EnforcementDeps) {
  let installationVersion = 0;
  const now = (): number => clock().getTime();
  const organisations = createBoundedMemory<KnownOrganisation>({ maxEntries: maxOrganisations, now });
  const eventTypes = createSizedMemory<KnownEventType & { readonly until: number }>(maxKeptCharacters);

  const readOrganisation = shareRunning(async (organisationId: string, _version: string) => {
    // The version was read before.
    const at = installationVersion;
    const found = { ...((await enforcement.findOrganisation(organisationId)) ?? neverUsed), at };
    organisations.keep(organisationId, found, keepMs);
    return found;
  });
  const findOrganisation = async (organisationId: string): Promise<OrganisationEnforcement> => {
    const known = organisations.find(organisationId);
    return known?.at === installationVersion ? known : readOrganisation(organisationId, String(installationVersion));
  };
  const readSchemas = shareRunning(async (key: string, organisationId: string, name: string, _version: string) => {
    const { enabled, version: at } = await findOrganisation(organisationId);
    const found = await enforcement.findEventType(organisationId, name);
    const isEnforced = found?.enforced ?? enabled;
    const text = isEnforced ? found?.schemas : undefined;
    const schemas = text === undefined ? undefined : toKeyedSchemas(text);
    eventTypes.keep(key, { at, schemas, until: now() + keepMs }, eventTypeSize + (text?.length ?? 0));
    return schemas;
  });
  const findSchemas = async (organisationId: string, name: string): Promise<KeyedSchemas | undefined> => {
    const { version } = await findOrganisation(organisationId);
    if (version === 0) return undefined;
    const key = JSON.stringify([organisationId, name]);
    const known = eventTypes.find(key);
    if (known?.at === version && now() < known.until) return known.schemas;
    return readSchemas(key, organisationId, name, String(version));
  };

  return {
    /** Gets the version of the installation. It must have been read a few seconds ago at most. */
    noteVersion: (version: number): void => {
      installationVersion = version;
    },
    /** @throws PassingError if it was not checked */
    findRefusals: async ({ organisationId, application, eventType, payload }: Checked): Promise<readonly Refusal[]> => {
      if (installationVersion === 0) return [];
      const schemas = await findSchemas(organisationId, eventType);
      if (schemas === undefined) return [];
      const result = await checkPayload({ organisationId, application, schemas, payload });
      switch (result.kind) {
        case 'fits':
          return [];
        case 'misfits':
          return result.mismatches.map(({ path, message }) => ({ of: 'payload', path: path.map(String), message }));
        case 'uncheckable':
          return [{ of: 'event-type', path: [], message: `has a schema that cannot be enforced: ${result.reason}` }];
      }
    },
  };
}
