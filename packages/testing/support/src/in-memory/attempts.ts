import {
  type Attempt,
  type AttemptQuery,
  type AttemptRepository,
  type AttemptRetention,
  attemptIdRangeOf,
  defaultAttemptRetention,
  directionOf,
  expungedResponse,
  firstAttemptIdOf,
  hasStatus,
} from '@posthorn/core';
import { pageOf } from './page-of.ts';

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
    // An attempt that was made in the window can have been planned long before it.
    const planned = attemptIdRangeOf({ ...query, plannedFrom: new Date(0) }, now);
    const listed = [...rows.values()].filter(
      (row) =>
        isListed(row) &&
        isKept(row, now) &&
        isAskedFor(row, query) &&
        row.attemptId >= planned.from &&
        row.attemptId < planned.before,
    );
    const request = { ...query, direction: directionOf(query), order: 'descending' } as const;
    const page = pageOf(listed, (row) => row.attemptId, request);
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
    findAll: async (attempts, now) =>
      attempts.flatMap(({ endpointId, attemptId }) => {
        const row = rows.get(`${endpointId} ${attemptId}`);
        return row && isKept(row, now) ? [{ ...row, response: '' }] : [];
      }),
    findOfMessage: async ({ applicationId, messageId, attemptId }) =>
      [...rows.values()].find(
        (row) => row.applicationId === applicationId && row.messageId === messageId && row.attemptId === attemptId,
      ),
    listByEndpoint: async (endpointId, query, now) => list((row) => row.endpointId === endpointId, query, now),
    listByMessage: async (messageId, { applicationId, endpointId, withoutFirstSuccesses = false, ...query }, now) =>
      list(
        (row) =>
          row.messageId === messageId &&
          (applicationId === undefined || row.applicationId === applicationId) &&
          (endpointId === undefined || row.endpointId === endpointId) &&
          !(withoutFirstSuccesses && isFirstSuccess(row)),
        query,
        now,
      ),
    expungeResponse: async ({ endpointId, attemptId }) => {
      const key = `${endpointId} ${attemptId}`;
      const row = rows.get(key);
      if (row) rows.set(key, { ...row, response: expungedResponse });
    },
  };
}

const isFirstSuccess = (attempt: Attempt): boolean =>
  attempt.status === 'succeeded' && attempt.attemptNumber === 1 && attempt.attemptId === firstAttemptIdOf(attempt);

const isAskedFor = (
  attempt: Attempt,
  { status, statusCodeClass, channel, eventTypes, before, after }: AttemptQuery,
): boolean =>
  (before === undefined || attempt.attemptedAt < before) &&
  (after === undefined || attempt.attemptedAt >= after) &&
  (status === undefined || hasStatus(attempt, status)) &&
  (statusCodeClass === undefined || Math.floor(attempt.responseStatusCode / 100) * 100 === statusCodeClass) &&
  (channel === undefined || attempt.channels.includes(channel)) &&
  (eventTypes === undefined || eventTypes.includes(attempt.eventType));
