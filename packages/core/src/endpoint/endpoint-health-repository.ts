import type { Endpoint } from './endpoint.ts';
import type { EndpointHealth } from './endpoint-health.ts';

/** What the attempts trigger reads of an endpoint. */
export interface StoredHealth extends Pick<Endpoint, 'organisationId' | 'disabled'> {
  readonly health?: EndpointHealth;
}

/** Stores the health of endpoints. It changes neither their revision nor any other field. */
export interface EndpointHealthRepository {
  /**
   * Returns `undefined` if the endpoint does not exist.
   *
   * @param read - `recent` may not see the last second or so and costs half; `latest` sees every write before it
   */
  find(
    endpoint: Pick<Endpoint, 'applicationId' | 'endpointId'>,
    read: 'recent' | 'latest',
  ): Promise<StoredHealth | undefined>;
  /** Stores `next` if the health is still `previous`. `changed`: another program has changed it, or the endpoint is gone. */
  replace(
    endpoint: Pick<Endpoint, 'applicationId' | 'endpointId'>,
    health: { readonly previous: EndpointHealth | undefined; readonly next: EndpointHealth },
  ): Promise<'stored' | 'changed'>;
}
