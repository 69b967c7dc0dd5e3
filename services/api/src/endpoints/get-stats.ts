import type { EndpointStats, EndpointStatsQuery } from '@posthorn/contracts/api/endpoint';
import { type CountedEndpoint, type DeliveryRepository, DomainError, type StatisticsRepository } from '@posthorn/core';
import { type CountWindowDeps, countWindow } from './count-window.ts';

const minuteMs = 60_000;
const windowMs = 28 * 24 * 60 * minuteMs;
/** Clocks differ, and a client computes a window of 28 days a moment before it sends the request. */
const toleranceMs = 5 * minuteMs;

export interface GetStatsDeps extends CountWindowDeps {
  readonly statistics: Pick<StatisticsRepository, 'listHours'>;
  readonly deliveries: Pick<DeliveryRepository, 'count'>;
}

/**
 * Counts how an endpoint's attempts in a window ended, and its deliveries that wait now or ended untried, whatever the
 * window. The default window is the last 28 days.
 *
 * @throws DomainError `invalid_range` if the window is longer than 28 days, reversed, or in the future
 */
export const createStatsReader =
  ({ statistics, deliveries, attempts }: GetStatsDeps) =>
  async (endpoint: CountedEndpoint, query: EndpointStatsQuery, now: Date): Promise<EndpointStats> => {
    const { until = now } = query;
    const { since = new Date(until.getTime() - windowMs) } = query;
    const lengthMs = until.getTime() - since.getTime();
    if (lengthMs < 0) throw invalidRange('since must be before until');
    if (lengthMs > windowMs + toleranceMs) throw invalidRange('since cannot be more than 28 days prior to until');
    if (until.getTime() > now.getTime() + toleranceMs) throw invalidRange('until cannot be in the future');
    const [hours, { pending, sending, canceled, isComplete }] = await Promise.all([
      statistics.listHours(endpoint, { since, until }),
      deliveries.count(endpoint.endpointId, now),
    ]);
    const { success, fail } = await countWindow({ attempts }, endpoint, { hours, window: { since, until }, now });
    return { success, pending, sending, fail, canceled, countsAreComplete: isComplete };
  };

const invalidRange = (detail: string): DomainError => new DomainError('invalid_range', detail);
