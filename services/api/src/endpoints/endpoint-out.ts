import type { EndpointOut } from '@posthorn/contracts/api/endpoint';
import type { Endpoint } from '@posthorn/core';

/** An endpoint in a response. Some fields have an older name as well. */
export function toEndpointOut(endpoint: Endpoint): EndpointOut {
  const eventTypes = endpoint.eventTypes ? [...endpoint.eventTypes] : null;
  const throttleRate = endpoint.throttleRate ?? null;
  return {
    id: endpoint.endpointId,
    uid: endpoint.uid ?? null,
    url: endpoint.url,
    description: endpoint.description,
    disabled: endpoint.disabled,
    version: 1,
    eventTypes,
    filterTypes: eventTypes,
    channels: endpoint.channels ? [...endpoint.channels] : null,
    throttleRate,
    rateLimit: throttleRate,
    metadata: { ...endpoint.metadata },
    createdAt: endpoint.createdAt.toISOString(),
    updatedAt: endpoint.updatedAt.toISOString(),
  };
}
