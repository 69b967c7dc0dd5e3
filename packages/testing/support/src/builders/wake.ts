import type { Wake } from '@posthorn/core';
import { ids, startOfTests } from './ids.ts';

/** The first wake of the deliveries that the builders' endpoint holds. */
export const aWake = (overrides: Partial<Wake> = {}): Wake => ({
  organisationId: ids.organisation,
  applicationId: ids.application,
  endpointId: ids.endpoint,
  epoch: 1,
  at: startOfTests,
  slice: 0,
  ...overrides,
});
