import type { EndpointTask, PurgeTask, RemovalTask, StatisticsTask } from '@posthorn/core';
import { ids, secondsLater, startOfTests } from './ids.ts';

const aState = {
  organisationId: ids.organisation,
  taskId: ids.task,
  status: 'running',
  slice: 0,
  pauseSeconds: 0,
  createdAt: startOfTests,
  updatedAt: startOfTests,
} as const;

/** A task that recovers the deliveries of the endpoint, before its first slice. */
export const aTask = (overrides: Partial<EndpointTask> = {}): EndpointTask => ({
  ...aState,
  applicationId: ids.application,
  endpointId: ids.endpoint,
  work: { kind: 'endpoint.recover', since: startOfTests, until: secondsLater(3_600) },
  sent: 0,
  skipped: 0,
  ...overrides,
});

/** A task that expunges the messages of the application, before its first slice. */
export const aPurgeTask = (overrides: Partial<PurgeTask> = {}): PurgeTask => ({
  ...aState,
  applicationId: ids.application,
  work: { kind: 'application.purge_content', until: startOfTests },
  purged: 0,
  skipped: 0,
  ...overrides,
});

/** A task that removes the application, before its first slice. */
export const aRemovalTask = (overrides: Partial<RemovalTask> = {}): RemovalTask => ({
  ...aState,
  applicationId: ids.application,
  work: { kind: 'application.purge_content', removes: 'application' },
  removed: 0,
  removedOthers: 0,
  ...overrides,
});

/** A task that lists the event types of all applications, before its first slice. */
export const aStatisticsTask = (overrides: Partial<StatisticsTask> = {}): StatisticsTask => ({
  ...aState,
  work: { kind: 'event-type.aggregate' },
  counted: 0,
  resultBytes: 0,
  ...overrides,
});
