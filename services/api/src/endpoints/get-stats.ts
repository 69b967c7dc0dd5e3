import type { EndpointStats, EndpointStatsQuery } from '@posthorn/contracts/api/endpoint';
import { type CountedEndpoint, DomainError, type StatisticsRepository, sumCounts } from '@posthorn/core';

const minuteMs = 60_000;
const windowMs = 28 * 24 * 60 * minuteMs;
/** Clocks differ, and a client computes a window of 28 days a moment before it sends the request. */
const toleranceMs = 5 * minuteMs;

export interface GetStatsDeps {
  readonly statistics: Pick<StatisticsRepository, 'listHours'>;
}

/**
 * Counts how an endpoint's attempts in a window ended. The default window is the last 28 days.
 *
 * @throws DomainError `invalid_range` if the window is longer than 28 days, reversed, or in the future
 */
export const createStatsReader =
  ({ statistics }: GetStatsDeps) =>
  async (endpoint: CountedEndpoint, query: EndpointStatsQuery, now: Date): Promise<EndpointStats> => {
    const { until = now } = query;
    const { since = new Date(until.getTime() - windowMs) } = query;
    const lengthMs = until.getTime() - since.getTime();
    if (lengthMs < 0) throw invalidRange('since must be before until');
    if (lengthMs > windowMs + toleranceMs) throw invalidRange('since cannot be more than 28 days prior to until');
    if (until.getTime() > now.getTime() + toleranceMs) throw invalidRange('until cannot be in the future');
    const { success, fail } = sumCounts(await statistics.listHours(endpoint, { since, until }));
    return { success, pending: 0, sending: 0, fail, canceled: 0 };
  };

const invalidRange = (detail: string): DomainError => new DomainError('invalid_range', detail);
