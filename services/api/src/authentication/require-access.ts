import type { Access } from '@posthorn/contracts/api/operation';
import { DomainError } from '@posthorn/core';
import type { Caller } from '@posthorn/secrets/tokens';

/** Refuses an application's token for an operation that needs the organisation's. */
export function requireAccess(caller: Caller, access: Access): void {
  if (access === 'organisation' && caller.kind !== 'organisation') {
    throw new DomainError('insufficient_access', 'Insufficient access for the given operation.');
  }
}
