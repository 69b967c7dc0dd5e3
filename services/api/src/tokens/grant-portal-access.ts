import type { AppPortalAccessIn } from '@posthorn/contracts/api/authentication';
import { grantedCapabilities, maxPortalTokenSeconds, type TokenRepository } from '@posthorn/core';
import type { SignToken } from '@posthorn/secrets/tokens';
import { idFrom, type RequestOrigin } from '../idempotency/request-origin.ts';
import { portalLink } from './portal-link.ts';

export interface GrantPortalAccessDeps {
  readonly tokens: Pick<TokenRepository, 'findMarks' | 'insertIssued'>;
  readonly signToken: SignToken;
  readonly portalUrl: string | undefined;
}

interface GrantRequest {
  readonly organisationId: string;
  readonly applicationId: string;
  readonly input: AppPortalAccessIn;
  readonly baseUrl: string;
  readonly origin: RequestOrigin;
}

/** Makes a token for the portal of an application. */
export const createPortalAccessGranter =
  (deps: GrantPortalAccessDeps) =>
  async ({ organisationId, applicationId, input, baseUrl, origin }: GrantRequest) => {
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
