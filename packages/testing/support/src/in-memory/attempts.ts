import {
  type Attempt,
  type AttemptQuery,
  type AttemptRepository,
  type AttemptRetention,
  defaultAttemptRetention,
} from '@posthorn/core';
import { windowPageOf } from './page-of.ts';

const dayMs = 24 * 3_600_000;

/** Attempts in a map, listed until their retention ends. `all` returns every stored attempt. */
export function inMemoryAttempts(
  retention: AttemptRetention = defaultAttemptRetention,
): AttemptRepository & { all(): readonly Attempt[] } {
  const rows = new Map<string, Attempt>();
  const isKept = ({ status, attemptedAt }: Attempt, now: Date) => {
    const days = status === 'succeeded' ? retention.successDays : retention.failureDays;
    return attemptedAt.getTime() + days * dayMs > now.getTime();
  };
  const list = (isListed: (attempt: Attempt) => boolean, query: AttemptQuery, now: Date) => {
    const listed = [...rows.values()].filter((row) => isListed(row) && isKept(row, now) && isAskedFor(row, query));
    const page = windowPageOf(listed, (row) => row.attemptId, { kind: 'attempt', query, now });
    return { ...page, items: query.withResponse ? page.items : page.items.map((row) => ({ ...row, response: '' })) };
  };

  return {
    all: () => [...rows.values()],
    record: async (attempt) => {
      const key = `${attempt.endpointId} ${attempt.attemptId}`;
      if (rows.has(key)) return 'exists';
      rows.set(key, attempt);
      return 'recorded';
    },
    find: async (endpointId, attemptId) => rows.get(`${endpointId} ${attemptId}`),
    findOfMessage: async ({ applicationId, messageId, attemptId }) =>
      [...rows.values()].find(
        (row) => row.applicationId === applicationId && row.messageId === messageId && row.attemptId === attemptId,
      ),
    listByEndpoint: async (endpointId, query, now) => list((row) => row.endpointId === endpointId, query, now),
    listByMessage: async (messageId, { applicationId, endpointId, ...query }, now) =>
      list(
        (row) =>
          row.messageId === messageId &&
          (applicationId === undefined || row.applicationId === applicationId) &&
          (endpointId === undefined || row.endpointId === endpointId),
        query,
        now,
      ),
  };
}

const isAskedFor = (attempt: Attempt, { status, statusCodeClass, channel, eventTypes }: AttemptQuery): boolean =>
  (status === undefined || attempt.status === status) &&
  (statusCodeClass === undefined || Math.floor(attempt.responseStatusCode / 100) * 100 === statusCodeClass) &&
  (channel === undefined || attempt.channels.includes(channel)) &&
  (eventTypes === undefined || eventTypes.includes(attempt.eventType));
