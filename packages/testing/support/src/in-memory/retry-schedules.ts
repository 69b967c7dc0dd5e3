import type { RetrySchedule, RetryScheduleOwner, RetryScheduleRepository } from '@posthorn/core';

/** Retry schedules in a map. */
export function inMemoryRetrySchedules(): RetryScheduleRepository {
  const rows = new Map<string, RetrySchedule>();
  const nameOf = ({ organisationId, eventType = '' }: RetryScheduleOwner) => `${organisationId} ${eventType}`;
  return {
    find: async (owner) => rows.get(nameOf(owner)),
    findOverrides: async (organisationId, eventType) => {
      const ofType = rows.get(nameOf({ organisationId, eventType }));
      const own = rows.get(nameOf({ organisationId }));
      return { ...(ofType && { eventType: ofType }), ...(own && { organisation: own }) };
    },
    put: async (owner, schedule) => void rows.set(nameOf(owner), schedule),
    delete: async (owner) => void rows.delete(nameOf(owner)),
  };
}
