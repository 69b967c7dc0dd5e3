import { type CountedAttempt, type HourCounts, type StatisticsRepository, sumCounts } from '@posthorn/core';

const hourMs = 3_600_000;
const hourOf = (time: Date): number => Math.floor(time.getTime() / hourMs) * hourMs;
const countOf = ({ succeeded }: CountedAttempt) => (succeeded ? { success: 1, fail: 0 } : { success: 0, fail: 1 });

/** Statistics in a map. Every record is stored by its source and sequence number, so a replay is not counted again. */
export function inMemoryStatistics(): StatisticsRepository {
  const counted = new Map<string, CountedAttempt>();
  const list: StatisticsRepository['listHours'] = async ({ applicationId, endpointId }, { since, until }) => {
    const own = [...counted.values()].filter(
      (attempt) =>
        attempt.applicationId === applicationId &&
        attempt.endpointId === endpointId &&
        hourOf(attempt.attemptedAt) >= hourOf(since) &&
        hourOf(attempt.attemptedAt) <= hourOf(until),
    );
    const hours = Map.groupBy(own, ({ attemptedAt }) => hourOf(attemptedAt));
    return [...hours].toSorted(([one], [other]) => one - other).map(([hour, attempts]) => toHour(hour, attempts));
  };
  return {
    count: async (attempts) => {
      for (const attempt of attempts) counted.set(`${attempt.source} ${BigInt(attempt.sequenceNumber)}`, attempt);
      return [];
    },
    listHours: list,
    listFirstHours: async (endpoint, window) => ({ hours: await list(endpoint, window) }),
    listEndpoints: async (applicationId, { after = '', limit }) => {
      const own = [...counted.values()].filter((attempt) => attempt.applicationId === applicationId);
      const endpointIds = [...new Set(own.map(({ endpointId }) => endpointId))].toSorted();
      return endpointIds.filter((endpointId) => endpointId > after).slice(0, limit);
    },
  };
}

const toHour = (hour: number, attempts: readonly CountedAttempt[]): HourCounts => ({
  hour: new Date(hour),
  ...sumCounts(attempts.map(countOf)),
  byEventType: new Map(
    [...Map.groupBy(attempts, ({ eventType }) => eventType)].map(([type, own]) => [type, sumCounts(own.map(countOf))]),
  ),
  earliestPlanned: new Date(Math.min(...attempts.map(({ plannedAt }) => plannedAt.getTime()))),
});
