import type { Application } from '@posthorn/core';
import { ids, startOfTests } from './ids.ts';

/** An application without a uid. */
export const anApplication = (overrides: Partial<Application> = {}): Application => ({
  organisationId: ids.organisation,
  applicationId: ids.application,
  name: 'Toy shop',
  metadata: {},
  revision: 1,
  createdAt: startOfTests,
  updatedAt: startOfTests,
  ...overrides,
});
