import { addByKey, byDay, sumCounts } from './add-counts.ts';
import type { AttemptCounts, HourWindow, StatisticsRepository } from './attempt-counts.ts';

/** The attempts of an application in a window. */
export interface ApplicationUsage extends AttemptCounts {
  readonly byEndpoint: ReadonlyMap<string, AttemptCounts>;
  readonly byEventType: ReadonlyMap<string, AttemptCounts>;
  /** By `yyyy-mm-dd` in UTC. */
  readonly byDay: ReadonlyMap<string, AttemptCounts>;
}

const endpointsAtATime = 50;

/**
 * Adds up the attempts of an application, deleted endpoints included. It takes one query for each endpoint, and more
 * only for windows of months.
 */
export async function readApplicationUsage(
  { listEndpoints, listHours }: Pick<StatisticsRepository, 'listEndpoints' | 'listHours'>,
  applicationId: string,
  window: HourWindow,
): Promise<ApplicationUsage> {
  let usage: Omit<ApplicationUsage, keyof AttemptCounts> = {
    byEndpoint: new Map(),
    byEventType: new Map(),
    byDay: new Map(),
  };
  let endpointIds = await listEndpoints(applicationId, { limit: endpointsAtATime });
  while (endpointIds.length > 0) {
    for (const endpointId of endpointIds) {
      const hours = await listHours({ applicationId, endpointId }, window);
      if (hours.length === 0) continue;
      usage = {
        byEndpoint: addByKey(usage.byEndpoint, [[endpointId, sumCounts(hours)]]),
        byEventType: addByKey(
          usage.byEventType,
          hours.flatMap(({ byEventType }) => [...byEventType]),
        ),
        byDay: addByKey(usage.byDay, byDay(hours)),
      };
    }
    const after = endpointIds.at(-1) ?? '';
    endpointIds = await listEndpoints(applicationId, { after, limit: endpointsAtATime });
  }
  return { ...sumCounts(usage.byEndpoint.values()), ...usage };
}
