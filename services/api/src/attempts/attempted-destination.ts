import type { MessageEndpointOut } from '@posthorn/contracts/api/attempt';
import { type Attempt, type Endpoint, timeOfId } from '@posthorn/core';
import { toEndpointOut } from '../endpoints/endpoint-out.ts';
import type { ShownStanding } from './read-standings.ts';
import { toStandingOut } from './status-out.ts';

/** An endpoint that a message was sent to or waits for. */
export interface AttemptedDestination {
  readonly endpointId: string;
  /** Absent if it was deleted. */
  readonly endpoint?: Endpoint;
  readonly standing: ShownStanding;
  /** One of the attempts at it. Absent if there is none, or if it was not read. */
  readonly attempt?: Attempt;
}

/** Nothing is known of a deleted endpoint without an attempt. */
export const isShown = ({ endpoint, attempt }: AttemptedDestination): boolean =>
  endpoint !== undefined || attempt !== undefined;

/** An attempted endpoint in an answer. */
export const toMessageEndpointOut = ({
  endpointId,
  endpoint,
  attempt,
  standing,
}: AttemptedDestination): MessageEndpointOut => ({
  ...(endpoint ? presentOut(endpoint) : deletedOut(endpointId, attempt)),
  ...toStandingOut(standing, true),
});

type EndpointPart = Omit<MessageEndpointOut, 'status' | 'statusText' | 'nextAttempt'>;

function presentOut(endpoint: Endpoint): EndpointPart {
  const { id, uid, url, description, disabled, eventTypes, channels, throttleRate, createdAt, updatedAt } =
    toEndpointOut(endpoint);
  return { id, uid, url, description, disabled, eventTypes, channels, throttleRate, createdAt, updatedAt };
}

/** The URL is that of the attempt, and the id has the time of the creation. */
function deletedOut(endpointId: string, attempt: Attempt | undefined): EndpointPart {
  const createdAt = timeOfId(endpointId).toISOString();
  return {
    id: endpointId,
    uid: null,
    url: attempt?.url ?? '',
    description: '',
    disabled: true,
    eventTypes: null,
    channels: null,
    throttleRate: null,
    createdAt,
    updatedAt: createdAt,
  };
}
