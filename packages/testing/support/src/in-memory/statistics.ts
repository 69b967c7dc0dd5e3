import type { CountedAttempt, StatisticsRepository } from '@posthorn/core';

const hourLength = 'yyyy-mm-ddThh'.length;
const hourOf = (time: Date): string => time.toISOString().slice(0, hourLength);

/** Statistics in a map. Every record is stored by its source and sequence number, so a replay is not counted again. */
export function inMemoryStatistics(): StatisticsRepository {
  const counted = new Map<string, CountedAttempt>();
  return {
    count: async (attempts) => {
      for (const attempt of attempts) counted.set(`${attempt.source} ${BigInt(attempt.sequenceNumber)}`, attempt);
      return [];
    },
    sum: async (endpointId, since, until) => {
      const summed = [...counted.values()].filter(({ endpointId: own, attemptedAt }) => {
        const hour = hourOf(attemptedAt);
        return own === endpointId && hour >= hourOf(since) && hour <= hourOf(until);
      });
      const success = summed.filter(({ succeeded }) => succeeded).length;
      return { success, fail: summed.length - success };
    },
  };
}
