import type { Endpoint } from '@posthorn/core';
import { ids, startOfTests } from './ids.ts';

/** An endpoint that wants every message, in any order. */
export const anEndpoint = (overrides: Partial<Endpoint> = {}): Endpoint => ({
  organisationId: ids.organisation,
  applicationId: ids.application,
  endpointId: ids.endpoint,
  url: 'https://example.com/webhooks',
  description: '',
  disabled: false,
  metadata: {},
  secrets: [{ sealedKey: 'c2VhbGVkIHNpZ25pbmcgc2VjcmV0' }],
  revision: 1,
  createdAt: startOfTests,
  updatedAt: startOfTests,
  ...overrides,
});
