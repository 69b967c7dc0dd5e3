import type { ExpiryMark, IntegrationRepository, TokenChecks, TokenRepository } from '@posthorn/core';
import { ids, nthId, secondsLater, startOfTests } from '../builders/ids.ts';
import { anIntegration, anIssuedToken } from '../builders/token.ts';
import { describePaging } from './paging-promises.ts';

/** One store, with what writes and what reads it. */
export interface TokenStores {
  readonly tokens: TokenRepository;
  readonly checks: TokenChecks;
  readonly integrations: IntegrationRepository;
}

const mark = (generation: number): ExpiryMark => ({
  generation,
  issuedUntil: secondsLater(generation),
  expiresAt: secondsLater(generation + 60),
});

/** What every repository of tokens promises. Each test gets an empty one. */
export function describeTokenRepository(name: string, create: (now: () => Date) => Promise<TokenStores>): void {
  const stores = () => create(() => startOfTests);
  describe(`tokens ${name}`, () => {
    it('finds an issued token with all its fields, under its owner only', async () => {
      const { tokens } = await stores();
      const own = anIssuedToken({ sessionId: 'a/b c', generation: 2 });
      const { applicationId: _, ...ofOrganisation } = anIssuedToken({ tokenId: nthId('token', 1) });
      await tokens.insertIssued(own);
      await tokens.insertIssued(ofOrganisation);
      expect(await tokens.findIssued(ids.application, own.tokenId)).toEqual(own);
      expect(await tokens.findIssued(ids.organisation, ofOrganisation.tokenId)).toEqual(ofOrganisation);
      expect(await tokens.findIssued(ids.organisation, own.tokenId)).toBeUndefined();
    });

    it('lists no token that has expired', async () => {
      const { tokens } = await create(() => secondsLater(200_000));
      await tokens.insertIssued(anIssuedToken({ expiresAt: secondsLater(200_000) }));
      await tokens.insertIssued(anIssuedToken({ tokenId: nthId('token', 1), expiresAt: secondsLater(200_001) }));
      const page = { limit: 10, direction: 'forward', order: 'ascending' } as const;
      const { items } = await tokens.listIssued(ids.application, page);
      expect(items.map(({ tokenId }) => tokenId)).toEqual([nthId('token', 1)]);
    });

    it('revokes one token of an application at once', async () => {
      const { tokens, checks } = await stores();
      const token = { tokenId: ids.token };
      const other = { tokenId: nthId('token', 1) };
      expect(await checks.findState(ids.application, token)).toEqual({ isRevoked: false, marks: [] });
      await tokens.logOut(ids.application, { ...token, expiresAt: secondsLater(60) });
      expect(await checks.findState(ids.application, token)).toMatchObject({ isRevoked: true });
      expect(await checks.findState(ids.application, other)).toMatchObject({ isRevoked: false });
      expect(await checks.findState(nthId('application', 1), token)).toMatchObject({ isRevoked: false });
    });

    it('finds the marks of an application and of the session of a token', async () => {
      const { tokens, checks } = await stores();
      const applicationId = ids.application;
      const none = await tokens.findMarks(applicationId);
      expect(none).toEqual({ generation: 0, marks: [], revision: 0 });
      const orders = [{ name: 'one', generation: 1, orderedAt: secondsLater(1) }];
      await tokens.updateMarks({ applicationId }, { generation: 1, marks: [mark(1)], orders }, none);
      await tokens.updateMarks({ applicationId, sessionId: 'a' }, { generation: 2, marks: [mark(2)] }, none);
      expect(await tokens.findMarks(applicationId)).toEqual({ generation: 1, marks: [mark(1)], orders, revision: 1 });
      const marksFor = async (sessionId?: string) => {
        const token = { tokenId: ids.token, ...(sessionId && { sessionId }) };
        return (await checks.findState(applicationId, token)).marks;
      };
      expect(await marksFor()).toEqual([mark(1)]);
      expect(await marksFor('a')).toEqual([mark(1), mark(2)]);
      expect(await marksFor('b')).toEqual([mark(1)]);
    });

    it('finds what ends tokens: who is logged out, revoked or meant by an order', async () => {
      const { tokens } = await stores();
      const applicationId = ids.application;
      const [one, two, three, four] = [1, 2, 3, 4].map((n) => ({ tokenId: nthId('token', n) }));
      const none = await tokens.findMarks(applicationId);
      await tokens.updateMarks({ applicationId }, { generation: 1, marks: [mark(1)] }, none);
      await tokens.updateMarks({ applicationId, sessionId: 'a' }, { generation: 2, marks: [mark(2)] }, none);
      await tokens.logOut(applicationId, { tokenId: nthId('token', 1) });
      await tokens.logOut(nthId('application', 1), { tokenId: nthId('token', 4) });
      await tokens.revoke({ tokenId: nthId('token', 2) });
      const asked = [one, two, { ...three, sessionId: 'a' }, { ...four, sessionId: 'b' }].map((token) => ({
        tokenId: '',
        ...token,
      }));
      expect(await tokens.findEnds(applicationId, asked)).toEqual([
        { isRevoked: true, marks: [mark(1)] },
        { isRevoked: true, marks: [mark(1)] },
        { isRevoked: false, marks: [mark(1), mark(2)] },
        { isRevoked: false, marks: [mark(1)] },
      ]);
      expect(await tokens.findEnds(applicationId, [])).toEqual([]);
    });

    it('finds what ends more tokens than one request to a table can name', async () => {
      const { tokens } = await stores();
      const all = Array.from({ length: 130 }, (_, n) => ({ tokenId: nthId('token', n) }));
      for (const { tokenId } of all.slice(120)) await tokens.revoke({ tokenId });
      const ends = await tokens.findEnds(ids.application, all);
      expect(ends.map(({ isRevoked }) => isRevoked)).toEqual(all.map((_, n) => n >= 120));
    });

    it('makes one of several changes of the same marks', async () => {
      const { tokens } = await stores();
      const place = { applicationId: ids.application };
      const change = async (generation: number) => {
        const previous = await tokens.findMarks(ids.application);
        const next = { generation, marks: [mark(generation)] };
        return Promise.all([1, 2, 3].map(() => tokens.updateMarks(place, next, previous)));
      };
      expect((await change(1)).toSorted()).toEqual(['stale', 'stale', 'updated']);
      expect((await change(2)).toSorted()).toEqual(['stale', 'stale', 'updated']);
      expect(await tokens.findMarks(ids.application)).toMatchObject({ generation: 2, revision: 2 });
    });

    it('finds the integration of a key, in its application only', async () => {
      const { checks, integrations } = await stores();
      const integration = anIntegration({ keyId: ids.token, featureFlags: ['beta'] });
      await integrations.insert(integration);
      const key = { tokenId: ids.token, integrationId: ids.integration };
      expect(await checks.findState(ids.application, key)).toEqual({ isRevoked: false, marks: [], integration });
      const elsewhere = await checks.findState(nthId('application', 1), key);
      expect(elsewhere).toEqual({ isRevoked: false, marks: [] });
    });

    it('lists what operators have revoked, and counts the changes', async () => {
      const { tokens, checks } = await stores();
      expect([(await checks.findVersions()).revoked, await checks.listRevoked()]).toEqual([0, new Set()]);
      await Promise.all([1, 2, 3].map((n) => tokens.revoke({ tokenId: nthId('token', n) })));
      await tokens.revoke({ tokenId: nthId('token', 1), expiresAt: secondsLater(5) });
      expect((await checks.findVersions()).revoked).toBe(4);
      expect(await checks.listRevoked()).toEqual(new Set([1, 2, 3].map((n) => nthId('token', n))));
    });

    describePaging(async () => {
      const { tokens } = await stores();
      const rows = [1, 2, 3, 4, 5, 6].map((n) => anIssuedToken({ tokenId: nthId('token', n) }));
      for (const row of rows) await tokens.insertIssued(row);
      await tokens.logOut(ids.application, { tokenId: nthId('token', 1) });
      return {
        list: (page) => tokens.listIssued(ids.application, { ...page, order: 'ascending' }),
        keyOf: ({ tokenId }) => tokenId,
        rows,
      };
    });
  });
}
