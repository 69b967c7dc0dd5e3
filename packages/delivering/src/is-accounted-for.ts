import {
  type AttemptRepository,
  attemptIdOf,
  type Clock,
  type DeliveryRepository,
  type Endpoint,
  firstDeliveryOf,
  type Message,
  timeOfId,
} from '@posthorn/core';

export interface IsAccountedForDeps {
  readonly findAttempt: AttemptRepository['find'];
  readonly listAttempts: AttemptRepository['listByMessage'];
  readonly deliveries: Pick<DeliveryRepository, 'find' | 'list'>;
  readonly clock: Clock;
}

type AcceptedMessage = Pick<Message, 'organisationId' | 'applicationId' | 'messageId' | 'acceptedAt' | 'deliverAt'>;

/** Whether a message has an attempt of any kind at an endpoint, or is stored as one that waits or has ended there. */
export type IsAccountedFor = (
  message: AcceptedMessage,
  endpoint: Pick<Endpoint, 'endpointId' | 'order'>,
) => Promise<boolean>;

/**
 * The first attempt is found by its id, and a stored delivery by its message: both see every write. Other attempts, such
 * as those that were asked for by hand, are in a list. A job that only waits on a queue cannot be seen.
 */
export const createIsAccountedFor =
  (deps: IsAccountedForDeps): IsAccountedFor =>
  async (message, endpoint) => {
    const { endpointId } = endpoint;
    const { messageId } = message;
    if (await deps.findAttempt(endpointId, attemptIdOf(firstDeliveryOf(message, endpointId)))) return true;
    if (await deps.deliveries.find({ endpointId, messageId })) return true;
    if (endpoint.order && (await isParked(deps, endpointId, messageId))) return true;
    const query = { endpointId, limit: 1, direction: 'forward', withResponse: false } as const;
    return (await deps.listAttempts(messageId, query, deps.clock())).items.length > 0;
  };

/** Ids have a time of 4 ms, and several messages can have the same one. */
const idTimeMs = 4;
const maxOfOneTime = 250;

/** Parked deliveries are stored under their group, so that they are listed by the time in their message's id. */
async function isParked({ deliveries, clock }: IsAccountedForDeps, endpointId: string, messageId: string) {
  const after = timeOfId(messageId);
  const before = new Date(after.getTime() + idTimeMs);
  const query = { state: 'parked', after, before, limit: maxOfOneTime, direction: 'forward' } as const;
  const { items } = await deliveries.list(endpointId, query, clock());
  return items.some(({ delivery }) => delivery.messageId === messageId);
}
