import type { MiddlewareObj } from '@middy/core';
import { type ApplicationRepository, DomainError } from '@posthorn/core';
import type { Clock } from '@posthorn/platform';
import type { Caller, VerifyToken } from '@posthorn/secrets/tokens';
import type { ApiAnswer, ApiEvent } from '../http/api-event.ts';

export interface AuthenticationDeps {
  readonly verifyToken: VerifyToken;
  /** By id; the application of a token must still exist. */
  readonly findAccepting: ApplicationRepository['findAccepting'];
  readonly clock: Clock;
}

/** Finds the caller by the token, before anything else of the request is read. */
export const authentication = ({
  verifyToken,
  findAccepting,
  clock,
}: AuthenticationDeps): MiddlewareObj<ApiEvent, ApiAnswer> => ({
  before: async ({ event }) => {
    const token = /^Bearer +(\S+) *$/i.exec(event.headers.authorization ?? '')?.[1];
    if (token === undefined) throw new DomainError('authentication_failed', 'Invalid token');
    const caller = await verifyToken(token, clock());
    if (!(await isLive(caller, findAccepting))) throw new DomainError('authentication_failed', 'Invalid token');
    event.caller = caller;
  },
});

/** An application's token stays valid after its application is deleted, so each request checks that it still exists. */
const isLive = async (caller: Caller, findAccepting: AuthenticationDeps['findAccepting']): Promise<boolean> =>
  caller.kind === 'organisation' || (await findAccepting(caller.organisationId, caller.applicationId)) !== undefined;

/** The caller that the authentication middleware has found. */
export function callerOf({ caller }: ApiEvent): Caller {
  if (caller === undefined) throw new Error('a route that needs a caller has no authentication middleware');
  return caller;
}
