import type { MiddlewareObj } from '@middy/core';
import { DomainError } from '@posthorn/core';
import type { Clock } from '@posthorn/platform';
import type { ApiAnswer, ApiEvent } from '../http/api-event.ts';
import type { Caller, VerifyToken } from './caller.ts';

export interface AuthenticationDeps {
  readonly verifyToken: VerifyToken;
  readonly clock: Clock;
}

/** Finds out who calls, before anything else of the request is looked at. */
export const authentication = ({ verifyToken, clock }: AuthenticationDeps): MiddlewareObj<ApiEvent, ApiAnswer> => ({
  before: async ({ event }) => {
    const token = /^Bearer +(\S+) *$/i.exec(event.headers.authorization ?? '')?.[1];
    if (token === undefined) throw new DomainError('authentication_failed', 'Invalid token');
    event.caller = await verifyToken(token, clock());
  },
});

/** Who calls, where the middleware has found it out. */
export function callerOf({ caller }: ApiEvent): Caller {
  if (caller === undefined) throw new Error('a route that needs a caller stands behind no authentication');
  return caller;
}
