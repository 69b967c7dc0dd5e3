import type { Integration } from '../integration/integration.ts';
import { isValidToken } from './is-valid-token.ts';

const now = new Date('2026-01-01T00:00:00Z');
const integration: Integration = {
  organisationId: 'org_1',
  applicationId: 'app_1',
  integrationId: 'integ_1',
  name: 'a',
  featureFlags: [],
  keyId: 'tok_1',
  revision: 1,
  createdAt: now,
  updatedAt: now,
};
const marks = [{ generation: 1, issuedUntil: now, expiresAt: now }];
const key = { tokenId: 'tok_1', integrationId: 'integ_1' };

it.each([
  ['a token', { tokenId: 'tok_1', generation: 0 }, { isRevoked: false, marks: [] }, true],
  ['a revoked token', { tokenId: 'tok_1', generation: 0 }, { isRevoked: true, marks: [] }, false],
  ['an expired token', { tokenId: 'tok_1', generation: 0 }, { isRevoked: false, marks }, false],
  ['the key of an integration', key, { isRevoked: false, marks, integration }, true],
  ['an earlier key', { ...key, tokenId: 'tok_0' }, { isRevoked: false, marks, integration }, false],
  ['the key of a deleted integration', key, { isRevoked: false, marks: [] }, false],
  ['a revoked key', key, { isRevoked: true, marks: [], integration }, false],
])('judges %s', (_, token, state, valid) => expect(isValidToken(token, state, now)).toBe(valid));
