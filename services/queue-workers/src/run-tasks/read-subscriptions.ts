import type { EndpointRepository } from '@posthorn/core';
import type { ApplicationName } from '@posthorn/models/application-names';
import type { Found, Look } from './found.ts';

/**
 * The event types that the endpoints of an application ask for, whether they are enabled or not, and destinations too.
 * Those up to `after` are left out: the slice before has them.
 */
export async function readSubscriptions(
  listEndpoints: EndpointRepository['listForFanOut'],
  { applicationId }: ApplicationName,
  { after = '' }: Pick<Look, 'after'>,
): Promise<Found> {
  const endpoints = await listEndpoints(applicationId);
  const readable = endpoints.flatMap((endpoint) => ('unreadable' in endpoint ? [] : [endpoint]));
  const eventTypes = new Set(readable.flatMap((endpoint) => endpoint.eventTypes ?? []));
  return {
    entry: {
      applicationId,
      eventTypes: [...eventTypes].filter((name) => name > after).toSorted(),
      hasCatchAll: readable.some((endpoint) => endpoint.eventTypes === undefined),
    },
    endpoints: endpoints.length,
  };
}
