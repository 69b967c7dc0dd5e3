import { type StatisticsRepository, sumCounts, type UsageWork } from '@posthorn/core';
import type { ApplicationName } from '@posthorn/models/application-names';
import type { Found } from './found.ts';

const endpointsAtATime = 10;

/** Counts the attempts of an application in the hours of a window, those at deleted endpoints included. */
export async function countAttempts(
  { listEndpoints, listHours }: Pick<StatisticsRepository, 'listEndpoints' | 'listHours'>,
  { since, until }: UsageWork,
  { applicationId, uid }: ApplicationName,
): Promise<Found> {
  // The statistics take both hours in: the last one is the hour before the window's end.
  const window = { since, until: new Date(until.getTime() - 1) };
  let attempts = 0;
  let endpoints = 0;
  let after: string | undefined;
  for (;;) {
    const page = { limit: endpointsAtATime, ...(after !== undefined && { after }) };
    const endpointIds = await listEndpoints(applicationId, page);
    const hours = await Promise.all(endpointIds.map((endpointId) => listHours({ applicationId, endpointId }, window)));
    const { success, fail } = sumCounts(hours.flat());
    attempts += success + fail;
    endpoints += endpointIds.length;
    after = endpointIds.at(-1);
    if (after === undefined)
      return { entry: { applicationId, ...(uid !== undefined && { uid }), attempts }, endpoints };
  }
}
