import { isExpiredBy } from './expiry-mark.ts';
import type { TokenFacts } from './token.ts';
import type { TokenState } from './token-repository.ts';

/** Whether a token of an application that is signed and has not expired by itself is valid. */
export function isValidToken(token: TokenFacts, { isRevoked, marks, integration }: TokenState, now: Date): boolean {
  if (isRevoked) return false;
  // The key of an integration has an end of its own: it is replaced, or the integration is deleted.
  if (token.integrationId !== undefined) return integration?.keyId === token.tokenId;
  return !isExpiredBy(marks, token, now);
}
