import type { ApplicationOut } from '@posthorn/contracts/api/application';
import type { Application } from '@posthorn/core';

/** An application in a response. */
export const toApplicationOut = (application: Application): ApplicationOut => ({
  id: application.applicationId,
  ...(application.uid === undefined ? {} : { uid: application.uid }),
  name: application.name,
  throttleRate: application.throttleRate ?? null,
  ...(application.throttleRate === undefined ? {} : { rateLimit: application.throttleRate }),
  metadata: { ...application.metadata },
  createdAt: application.createdAt.toISOString(),
  updatedAt: application.updatedAt.toISOString(),
});
