import { maxNameLength } from '@posthorn/contracts/api/operation';
import { notFound } from './refusals.ts';

/**
 * An id, uid or name from a request.
 *
 * @throws DomainError `not_found` if nothing can have this name: it is absent, empty or too long
 */
export function requireName(text: string | undefined): string {
  if (!text || text.length > maxNameLength) throw notFound();
  return text;
}
