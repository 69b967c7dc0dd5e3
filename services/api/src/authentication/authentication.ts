import type { MiddlewareObj } from '@middy/core';
import {
  type ApplicationRepository,
  DomainError,
  type Integration,
  integrationCapabilities,
  isValidToken,
  type TokenChecks,
} from '@posthorn/core';
import type { Clock } from '@posthorn/platform';
import type { ApplicationCaller, Caller, VerifyToken } from '@posthorn/secrets/tokens';
import type { ApiAnswer, ApiEvent } from '../http/api-event.ts';
import type { CheckRate } from '../rate-limit/rate-limit.ts';
import { createRevokedTokens, type RevokedTokensDeps } from './revoked-tokens.ts';

export interface AuthenticationDeps extends Pick<RevokedTokensDeps, 'noteEnforcement'> {
  readonly verifyToken: VerifyToken;
  /** By id; the application of a token must still exist. */
  readonly findAccepting: ApplicationRepository['findAccepting'];
  readonly tokenChecks: TokenChecks;
  readonly clock: Clock;
  /** Present if the requests of each token are limited. */
  readonly checkRate?: CheckRate | undefined;
}

/** Finds the caller by the token, before anything else of the request is read. */
export const authentication = (deps: AuthenticationDeps): MiddlewareObj<ApiEvent, ApiAnswer> => {
  const findCaller = createCallerFinder(deps, deps.checkRate);
  return {
    before: async ({ event }) => {
      const token = /^Bearer +(\S+) *$/i.exec(event.headers.authorization ?? '')?.[1];
      if (token === undefined) throw refused();
      event.caller = await findCaller(token);
      event.checkAgain = () => findCaller(token, 'again');
    },
  };
};

/**
 * The caller that a token stands for. An organisation's token costs no read. An application's token stays signed after its
 * application is deleted or its owner has logged out, so each request asks.
 *
 * @param checkRate - counts the request, if it is one, as soon as the token is known to be signed: before any read. A
 * token that is checked again, for the same request, does not count
 * @throws DomainError `authentication_failed` if the token is not valid, or no longer
 */
export function createCallerFinder(
  deps: Omit<AuthenticationDeps, 'checkRate'>,
  checkRate?: CheckRate,
): (token: string, time?: 'first' | 'again') => Promise<Caller> {
  const { verifyToken, findAccepting, tokenChecks, clock } = deps;
  const isRevoked = createRevokedTokens(deps);
  return async (token, time = 'first') => {
    const now = clock();
    const caller = await verifyToken(token, now);
    if (await isRevoked(caller.token.tokenId)) throw refused();
    if (time === 'first') await checkRate?.(caller);
    if (caller.kind === 'organisation') return caller;
    const [application, state] = await Promise.all([
      findAccepting(caller.organisationId, caller.applicationId),
      tokenChecks.findState(caller.applicationId, caller.token),
    ]);
    if (application === undefined || !isValidToken(caller.token, state, now)) throw refused();
    return state.integration ? asIntegration(caller, state.integration) : caller;
  };
}

/** What an integration may do is not in its key: it can be changed. */
const asIntegration = (caller: ApplicationCaller, { featureFlags }: Integration): ApplicationCaller => ({
  ...caller,
  featureFlags,
  capabilities: integrationCapabilities,
});

const refused = (): DomainError => new DomainError('authentication_failed', 'Invalid token');

/** The caller that the authentication middleware has found. */
export function callerOf({ caller }: ApiEvent): Caller {
  if (caller === undefined) throw new Error('a route that needs a caller has no authentication middleware');
  return caller;
}

/** Finds the caller of a request once more: the token can have ended since. */
export function checkAgain({ checkAgain: check }: ApiEvent): Promise<Caller> {
  if (check === undefined) throw new Error('a route that checks its caller again has no authentication middleware');
  return check();
}
