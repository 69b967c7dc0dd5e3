import type { EndpointRepository } from '@posthorn/core';
import type { ApplicationName } from '@posthorn/models/application-names';
import type { Found } from './found.ts';

/** The event types that the endpoints of an application ask for, whether they are enabled or not, and destinations too. */
export async function readSubscriptions(
  listEndpoints: EndpointRepository['listForFanOut'],
  { applicationId }: ApplicationName,
): Promise<Found> {
  const endpoints = await listEndpoints(applicationId);
  const readable = endpoints.flatMap((endpoint) => ('unreadable' in endpoint ? [] : [endpoint]));
  const eventTypes = new Set(readable.flatMap((endpoint) => endpoint.eventTypes ?? []));
  return {
    entry: {
      applicationId,
      eventTypes: [...eventTypes].toSorted(),
      hasCatchAll: readable.some((endpoint) => endpoint.eventTypes === undefined),
    },
    endpoints: endpoints.length,
  };
}
