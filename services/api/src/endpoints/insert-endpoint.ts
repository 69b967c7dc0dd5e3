import { DomainError, type Endpoint, type EndpointRepository } from '@posthorn/core';
import { notFound } from '../http/refusals.ts';

export interface InsertEndpointDeps {
  readonly endpoints: Pick<EndpointRepository, 'insert' | 'find'>;
  /** How many endpoints an application may have, destinations included. */
  readonly maxEndpoints: number;
}

/**
 * Inserts a new endpoint, if its application may have one more. If an earlier try of the same request has inserted it,
 * returns it as it is stored.
 *
 * @throws DomainError `not_found` if it was inserted and deleted meanwhile
 */
export async function insertEndpoint(
  { endpoints, maxEndpoints }: InsertEndpointDeps,
  endpoint: Endpoint,
): Promise<Endpoint | 'uid_taken' | 'limit_reached'> {
  const inserted = await endpoints.insert(endpoint, maxEndpoints);
  if (inserted === 'inserted') return endpoint;
  if (inserted !== 'exists') return inserted;
  const stored = await endpoints.find(endpoint.applicationId, endpoint.endpointId);
  if (!stored) throw notFound();
  return stored;
}

/** The refusal of an endpoint that is one too many. */
export const limitReached = ({ maxEndpoints }: Pick<InsertEndpointDeps, 'maxEndpoints'>): DomainError =>
  new DomainError(
    'limit_reached',
    `An application can have at most ${maxEndpoints} endpoints and destinations: delete one to create another`,
  );
