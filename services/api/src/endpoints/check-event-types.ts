import type { EventType } from '@posthorn/core';
import { invalidField } from '../http/refusals.ts';

/** The event types that endpoints may ask for. */
export interface EventTypeNames {
  /** Those that exist among these names, archived ones included. */
  findAll(organisationId: string, names: readonly string[]): Promise<readonly Pick<EventType, 'name' | 'archived'>[]>;
}

/**
 * Checks that the event types of an endpoint exist.
 *
 * @throws ValidationError naming those that do not exist or are archived
 */
export async function checkEventTypes(
  { findAll }: EventTypeNames,
  organisationId: string,
  names: readonly string[] | undefined,
): Promise<void> {
  if (!names || names.length === 0) return;
  const found = await findAll(organisationId, names);
  const live = new Set(found.filter(({ archived }) => !archived).map(({ name }) => name));
  const missing = names.filter((name) => !live.has(name));
  if (missing.length > 0) {
    throw invalidField(['body', 'eventTypes'], `The following event types don't exist: ${missing.join(', ')}`);
  }
}
