import type { Task } from '@posthorn/core';
import { ids, secondsLater, startOfTests } from './ids.ts';

/** A task that recovers the deliveries of the endpoint, before its first slice. */
export const aTask = (overrides: Partial<Task> = {}): Task => ({
  organisationId: ids.organisation,
  applicationId: ids.application,
  endpointId: ids.endpoint,
  taskId: ids.task,
  work: { kind: 'endpoint.recover', since: startOfTests, until: secondsLater(3_600) },
  status: 'running',
  slice: 0,
  sent: 0,
  skipped: 0,
  pauseSeconds: 0,
  createdAt: startOfTests,
  updatedAt: startOfTests,
  ...overrides,
});
