import type { EndpointTask, PurgeTask } from '@posthorn/core';
import { ids, secondsLater, startOfTests } from './ids.ts';

const aState = {
  organisationId: ids.organisation,
  applicationId: ids.application,
  taskId: ids.task,
  status: 'running',
  slice: 0,
  skipped: 0,
  pauseSeconds: 0,
  createdAt: startOfTests,
  updatedAt: startOfTests,
} as const;

/** A task that recovers the deliveries of the endpoint, before its first slice. */
export const aTask = (overrides: Partial<EndpointTask> = {}): EndpointTask => ({
  ...aState,
  endpointId: ids.endpoint,
  work: { kind: 'endpoint.recover', since: startOfTests, until: secondsLater(3_600) },
  sent: 0,
  ...overrides,
});

/** A task that expunges the messages of the application, before its first slice. */
export const aPurgeTask = (overrides: Partial<PurgeTask> = {}): PurgeTask => ({
  ...aState,
  work: { kind: 'application.purge_content', until: startOfTests },
  purged: 0,
  ...overrides,
});
