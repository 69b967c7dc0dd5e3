import { hash } from 'node:crypto';

/** What a repeated request has in common with the first one. The body is not part of it. */
export interface RequestIdentity {
  readonly operation: string;
  readonly organisationId: string;
  /** The ids of the things in the path, in a fixed order: not their uids, which can be given to other things later. */
  readonly ids: readonly string[];
  readonly query: string;
  readonly idempotencyKey: string;
}

/**
 * The key under which a request is claimed. Neither the text of the path nor the token counts: a request can be repeated
 * with a renewed token, and a key that was used for one thing says nothing about another thing of the same name.
 */
export function requestKeyOf({ operation, organisationId, ids, query, idempotencyKey }: RequestIdentity): string {
  const identity = JSON.stringify([operation, organisationId, ids, sorted(query), idempotencyKey]);
  return `idempotency#${hash('sha256', identity, 'base64url')}`;
}

function sorted(query: string): string {
  if (query === '') return '';
  const parameters = new URLSearchParams(query);
  parameters.sort();
  return parameters.toString();
}
