import type { EventTypeRepository, RetryScheduleRepository } from '@posthorn/core';
import { notFound } from '../http/refusals.ts';

export interface RemoveEventTypeDeps {
  readonly eventTypes: Pick<EventTypeRepository, 'delete'>;
  readonly retrySchedules: Pick<RetryScheduleRepository, 'delete'>;
}

/**
 * Removes an event type and its retry schedule: no operation reaches the schedule of an event type that does not exist.
 * The schedule goes first, so that the request can be repeated if it fails halfway.
 */
export const createEventTypeRemover =
  ({ eventTypes, retrySchedules }: RemoveEventTypeDeps) =>
  async (organisationId: string, name: string): Promise<void> => {
    await retrySchedules.delete({ organisationId, eventType: name });
    if ((await eventTypes.delete(organisationId, name)) === 'absent') throw notFound();
  };
