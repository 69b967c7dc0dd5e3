import { capabilityOf, type Operation } from '@posthorn/contracts/api/operation';
import { DomainError, hasCapability } from '@posthorn/core';
import type { Caller } from '@posthorn/secrets/tokens';

type NeedsAccess = Pick<Operation, 'access' | 'method' | 'capability'>;

/** Refuses a token that may not do an operation. What its owner may see is another question. */
export function requireAccess(caller: Caller, operation: NeedsAccess): void {
  if (!mayDo(caller, operation)) {
    throw new DomainError('insufficient_access', 'Insufficient access for the given operation.');
  }
}

function mayDo(caller: Caller, operation: NeedsAccess): boolean {
  switch (operation.access) {
    case 'anyone':
      return true;
    case 'organisation':
      return caller.kind === 'organisation';
    case 'application':
      return caller.kind === 'organisation' || hasCapability(caller.capabilities, capabilityOf(operation));
    case 'only-application':
      return caller.kind === 'application' && hasCapability(caller.capabilities, capabilityOf(operation));
  }
}
