import { notFound } from '../authentication/find-application.ts';

/** The longest id, uid or name of anything. What is longer names nothing, and no table would take it for a key. */
const longestName = 256;

/**
 * What a request says that it is about, by id, uid or name.
 *
 * @throws DomainError `not_found` where that can be nothing
 */
export function named(text: string | undefined): string {
  if (!text || text.length > longestName) throw notFound();
  return text;
}
