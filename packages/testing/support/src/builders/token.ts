import type { Integration, IssuedToken } from '@posthorn/core';
import { ids, secondsLater, startOfTests } from './ids.ts';

/** A token of the application that is valid for an hour. */
export const anIssuedToken = (overrides: Partial<IssuedToken> = {}): IssuedToken => ({
  tokenId: ids.token,
  organisationId: ids.organisation,
  applicationId: ids.application,
  issuedAt: startOfTests,
  expiresAt: secondsLater(3_600),
  ...overrides,
});

/** An integration without a key. */
export const anIntegration = (overrides: Partial<Integration> = {}): Integration => ({
  organisationId: ids.organisation,
  applicationId: ids.application,
  integrationId: ids.integration,
  name: 'Accounting',
  featureFlags: [],
  revision: 1,
  createdAt: startOfTests,
  updatedAt: startOfTests,
  ...overrides,
});
