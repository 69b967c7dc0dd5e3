import { type StatisticsRepository, sumCounts, type UsageWork } from '@posthorn/core';
import type { ApplicationName } from '@posthorn/models/application-names';
import type { Found, Look } from './found.ts';

const endpointsAtATime = 10;
/** An application can have had any number of endpoints. The next slice counts the attempts at the others. */
export const maxEndpoints = 200;

/**
 * Counts the attempts of an application in the hours of a window, those at deleted endpoints included. It ends early, behind
 * an endpoint, if there are many or the time is over.
 */
export async function countAttempts(
  { listEndpoints, listHours }: Pick<StatisticsRepository, 'listEndpoints' | 'listHours'>,
  {
    work: { since, until },
    name: { applicationId, uid },
  }: { readonly work: UsageWork; readonly name: ApplicationName },
  look: Look,
): Promise<Found> {
  // The statistics take both hours in: the last one is the hour before the window's end.
  const window = { since, until: new Date(until.getTime() - 1) };
  let attempts = 0;
  let endpoints = 0;
  let { after } = look;
  for (;;) {
    const page = { limit: endpointsAtATime, ...(after !== undefined && { after }) };
    const endpointIds = await listEndpoints(applicationId, page);
    const hours = await Promise.all(endpointIds.map((endpointId) => listHours({ applicationId, endpointId }, window)));
    const { success, fail } = sumCounts(hours.flat());
    attempts += success + fail;
    endpoints += endpointIds.length;
    after = endpointIds.at(-1);
    const found = { entry: { applicationId, ...(uid !== undefined && { uid }), attempts }, endpoints };
    if (after === undefined) return found;
    if (endpoints >= maxEndpoints || !look.hasTime()) return { ...found, after };
  }
}
