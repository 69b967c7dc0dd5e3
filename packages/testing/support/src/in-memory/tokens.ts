import type { ExpiryMarks, Integration, IssuedToken, TokenChecks, TokenRepository } from '@posthorn/core';
import { pageOf } from './page-of.ts';

interface TokenOptions {
  /** The integrations whose keys are checked. */
  readonly integrations: { find(applicationId: string, integrationId: string): Promise<Integration | undefined> };
  readonly now: () => Date;
}

const noMarks: ExpiryMarks = { generation: 0, marks: [], revision: 0 };

/** Issued and revoked tokens in maps. `issued` returns every issued token, `noteEnforcement` counts a change of that. */
export function inMemoryTokens({
  integrations,
  now,
}: TokenOptions): TokenRepository & TokenChecks & { issued(): readonly IssuedToken[]; noteEnforcement(): void } {
  const issued = new Map<string, IssuedToken>();
  const loggedOut = new Set<string>();
  const revoked = new Set<string>();
  const marks = new Map<string, ExpiryMarks>();
  let version = 0;
  let enforcement = 0;
  const nameOf = (...parts: readonly (string | undefined)[]) => JSON.stringify(parts);
  const ownerOf = ({ organisationId, applicationId }: IssuedToken) => applicationId ?? organisationId;
  const marksOf = (applicationId: string, sessionId?: string) => marks.get(nameOf(applicationId, sessionId)) ?? noMarks;
  /** Those that mean a token. */
  const marksFor = (applicationId: string, sessionId: string | undefined) => [
    ...marksOf(applicationId).marks,
    ...(sessionId === undefined ? [] : marksOf(applicationId, sessionId).marks),
  ];

  return {
    issued: () => [...issued.values()],
    insertIssued: async (token) => void issued.set(nameOf(ownerOf(token), token.tokenId), token),
    findIssued: async (owner, tokenId) => issued.get(nameOf(owner, tokenId)),
    listIssued: async (owner, page) => {
      const own = [...issued.values()].filter((token) => ownerOf(token) === owner && token.expiresAt > now());
      return pageOf(own, ({ tokenId }) => tokenId, page);
    },
    findEnds: async (applicationId, tokens) =>
      tokens.map(({ tokenId, sessionId }) => ({
        isRevoked: loggedOut.has(nameOf(applicationId, tokenId)) || revoked.has(tokenId),
        marks: marksFor(applicationId, sessionId),
      })),
    logOut: async (applicationId, { tokenId }) => void loggedOut.add(nameOf(applicationId, tokenId)),
    revoke: async ({ tokenId }) => {
      revoked.add(tokenId);
      version += 1;
    },
    findMarks: async (applicationId, sessionId) => marksOf(applicationId, sessionId),
    updateMarks: async ({ applicationId, sessionId }, next, { revision }) => {
      if (marksOf(applicationId, sessionId).revision !== revision) return 'stale';
      marks.set(nameOf(applicationId, sessionId), { ...next, revision: revision + 1 });
      return 'updated';
    },
    findState: async (applicationId, { tokenId, sessionId, integrationId }) => {
      const isRevoked = loggedOut.has(nameOf(applicationId, tokenId));
      if (integrationId !== undefined) {
        const integration = await integrations.find(applicationId, integrationId);
        return { isRevoked, marks: [], ...(integration && { integration }) };
      }
      return { isRevoked, marks: marksFor(applicationId, sessionId) };
    },
    noteEnforcement: () => {
      enforcement += 1;
    },
    findVersions: async () => ({ revoked: version, enforcement }),
    listRevoked: async () => new Set(revoked),
  };
}
