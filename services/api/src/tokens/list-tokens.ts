import type { ApplicationTokenOut } from '@posthorn/contracts/api/authentication';
import { endOf, type IssuedToken, type Page, type TokenEnd, type TokenRepository } from '@posthorn/core';

type ListRequest = Parameters<TokenRepository['listIssued']>[1];

/**
 * Lists the tokens of an application that were recorded when they were issued, and what has become of each. Those that have
 * expired by themselves are left out.
 */
export const createTokenLister =
  ({ listIssued, findEnds }: Pick<TokenRepository, 'listIssued' | 'findEnds'>) =>
  async (applicationId: string, request: ListRequest, now: Date): Promise<Page<ApplicationTokenOut>> => {
    const page = await listIssued(applicationId, request);
    const ends = await findEnds(applicationId, page.items);
    const toOut = (token: IssuedToken, index: number) => toTokenOut(token, ends[index] ?? notEnded, now);
    return { ...page, items: page.items.map(toOut) };
  };

const notEnded: TokenEnd = { isRevoked: false, marks: [] };

function toTokenOut(token: IssuedToken, { isRevoked, marks }: TokenEnd, now: Date): ApplicationTokenOut {
  const expiresAt = endOf(token, marks);
  return {
    id: token.tokenId,
    sessionId: token.sessionId ?? null,
    issuedAt: token.issuedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    revoked: isRevoked || expiresAt <= now,
  };
}
