import { conflict } from '../http/refusals.ts';

interface ReplaceOrCreate<Thing> {
  /** Whether the thing that the path names exists. */
  readonly exists: () => Promise<boolean>;
  readonly replace: () => Promise<Thing>;
  readonly create: () => Promise<Thing | 'uid_taken'>;
  /** Whether the path names the uid that the thing is to have. */
  readonly isNamedByUid: boolean;
}

/**
 * Does a PUT: replaces the thing that the path names, or creates it. If another request with the same uid creates it at the
 * same time, the created one is replaced.
 *
 * @throws DomainError `conflict` if the uid belongs to another thing
 */
export async function replaceOrCreate<Thing>({
  exists,
  replace,
  create,
  isNamedByUid,
}: ReplaceOrCreate<Thing>): Promise<{ readonly kind: 'replaced' | 'created'; readonly thing: Thing }> {
  if (await exists()) return { kind: 'replaced', thing: await replace() };
  const created = await create();
  if (created !== 'uid_taken') return { kind: 'created', thing: created };
  if (!isNamedByUid) throw conflict();
  return { kind: 'replaced', thing: await replace() };
}
