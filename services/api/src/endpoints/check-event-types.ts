import type { EventTypeRepository } from '@posthorn/core';
import { invalidField } from '../http/refusals.ts';

/**
 * Checks that the event types of an endpoint exist.
 *
 * @throws ValidationError naming those that do not exist or are archived
 */
export async function checkEventTypes(
  { findAll }: Pick<EventTypeRepository, 'findAll'>,
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
