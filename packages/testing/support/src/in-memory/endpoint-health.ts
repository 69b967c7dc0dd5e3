import type { Endpoint } from '@posthorn/core';
import type { EndpointHealth } from '@posthorn/core/endpoint/endpoint-health';
import type { EndpointHealthRepository } from '@posthorn/core/endpoint/endpoint-health-repository';

/** The health of some endpoints, in a map. */
export function inMemoryEndpointHealth(
  endpoints: readonly Pick<Endpoint, 'endpointId' | 'organisationId' | 'disabled'>[],
): EndpointHealthRepository & { readonly healthOf: (endpointId: string) => EndpointHealth | undefined } {
  const healths = new Map<string, EndpointHealth>();
  const find = (endpointId: string) => endpoints.find((endpoint) => endpoint.endpointId === endpointId);
  return {
    healthOf: (endpointId) => healths.get(endpointId),
    find: async ({ endpointId }) => {
      const endpoint = find(endpointId);
      const health = healths.get(endpointId);
      return (
        endpoint && {
          organisationId: endpoint.organisationId,
          disabled: endpoint.disabled,
          ...(health && { health }),
        }
      );
    },
    replace: async ({ endpointId }, { previous, next }) => {
      if (!find(endpointId) || JSON.stringify(healths.get(endpointId)) !== JSON.stringify(previous)) return 'changed';
      healths.set(endpointId, next);
      return 'stored';
    },
  };
}
