import type { RequestCountRepository } from '@posthorn/core/rate-limit/request-count-repository';

/** Counts of requests in a map. */
export function inMemoryRequestCounts(): RequestCountRepository {
  const counts = new Map<string, number>();
  return {
    add: async ({ caller, second }, requests) => {
      const key = `${caller}#${second}`;
      const total = (counts.get(key) ?? 0) + requests;
      counts.set(key, total);
      return total;
    },
  };
}
