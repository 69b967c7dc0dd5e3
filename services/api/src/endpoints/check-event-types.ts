import { type EventType, isShownWith } from '@posthorn/core';
import type { Caller } from '@posthorn/secrets/tokens';
import { heldFlagsOf } from '../event-types/held-flags.ts';
import { invalidField } from '../http/refusals.ts';

/** The event types that endpoints may ask for. */
export interface EventTypeNames {
  /** Those that exist among these names, archived ones included. */
  findAll(
    organisationId: string,
    names: readonly string[],
  ): Promise<readonly Pick<EventType, 'name' | 'archived' | 'featureFlags'>[]>;
}

/**
 * Checks that the event types of an endpoint exist. One that is hidden from the caller counts as missing.
 *
 * @throws ValidationError naming those that do not exist, are archived or are hidden
 */
export async function checkEventTypes(
  { findAll }: EventTypeNames,
  caller: Caller,
  names: readonly string[] | undefined,
): Promise<void> {
  if (!names || names.length === 0) return;
  const found = await findAll(caller.organisationId, names);
  const heldFlags = heldFlagsOf(caller);
  const live = new Set(found.filter((it) => !it.archived && isShownWith(heldFlags, it)).map(({ name }) => name));
  const missing = names.filter((name) => !live.has(name));
  if (missing.length > 0) {
    throw invalidField(['body', 'eventTypes'], `The following event types don't exist: ${missing.join(', ')}`);
  }
}
