import type { AppPortalAccessIn } from '@posthorn/contracts/api/authentication';
import { grantedCapabilities, maxPortalTokenSeconds, type TokenRepository } from '@posthorn/core';
import type { FindTargetDeps } from '@posthorn/intake';
import type { SignToken } from '@posthorn/secrets/tokens';
import { idFrom, type RequestOrigin } from '../idempotency/request-origin.ts';
import { createMessageTargetFinder } from '../post-message/find-message-target.ts';
import { portalLink } from './portal-link.ts';

export interface GrantPortalAccessDeps extends FindTargetDeps {
  readonly tokens: Pick<TokenRepository, 'findMarks' | 'insertIssued'>;
  readonly signToken: SignToken;
  readonly portalUrl: string | undefined;
}

interface GrantRequest {
  readonly organisationId: string;
  /** The application in the path. */
  readonly idOrUid: string;
  readonly input: AppPortalAccessIn;
  readonly baseUrl: string;
  readonly origin: RequestOrigin;
}

/** Makes a token for the portal of an application. The application is created if the request says so. */
export const createPortalAccessGranter = (deps: GrantPortalAccessDeps) => {
  const findTarget = createMessageTargetFinder(deps);
  return async ({ organisationId, idOrUid, input, baseUrl, origin }: GrantRequest) => {
    const target = await findTarget({ organisationId, idOrUid, application: input.application ?? undefined });
    const { applicationId } = target.application;
    // Tokens are expired by their generation. If they are expired in this moment, this one is too.
    const { generation } = await deps.tokens.findMarks(applicationId);
    const issued = {
      tokenId: idFrom(origin, 'token'),
      organisationId,
      applicationId,
      ...(input.sessionId == null ? {} : { sessionId: input.sessionId }),
      generation,
      issuedAt: origin.at,
      expiresAt: new Date(origin.at.getTime() + (input.expiry ?? maxPortalTokenSeconds) * 1_000),
    };
    const token = await deps.signToken({
      ...issued,
      capabilities: grantedCapabilities(input),
      featureFlags: input.featureFlags ?? [],
    });
    await deps.tokens.insertIssued(issued);
    return { url: portalLink({ portalUrl: deps.portalUrl, baseUrl, applicationId, token }), token };
  };
};
