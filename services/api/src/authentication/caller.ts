import type { Access } from '@posthorn/contracts/api/operation';
import { DomainError } from '@posthorn/core';

/** Whose token the request carries: the whole organisation's, or one application's. */
export type Caller =
  | { readonly kind: 'organisation'; readonly organisationId: string }
  | { readonly kind: 'application'; readonly organisationId: string; readonly applicationId: string };

/** Checks a token. Throws a `DomainError` (`authentication_failed`) when it is none of ours or has run out. */
export type VerifyToken = (token: string, now: Date) => Promise<Caller>;

/** Refuses an application's token where only the organisation may call. */
export function requireAccess(caller: Caller, access: Access): void {
  if (access === 'organisation' && caller.kind !== 'organisation') {
    throw new DomainError('insufficient_access', 'Insufficient access for the given operation.');
  }
}
