import { attemptIdOf, type Endpoint, firstDeliveryOf, type ListedMessage, type Page, selectPage } from '@posthorn/core';
import type { AttemptedMessage, AttemptedMessageDeps, AttemptedMessageRequest } from './attempted-message.ts';
import { attemptsSince } from './attempts-since.ts';
import { type PossibleDelivery, readStandings } from './read-standings.ts';

/** A page ends early after this many messages of the application were looked at. */
const maxMessagesRead = 1_000;
/** If only canceled ones are asked for. They are rare, so most pages read as many messages as they may. */
const maxReadForCanceled = 250;
/** Of one message at the endpoint. Older ones are not looked at. */
const maxAttempts = 100;

/**
 * Lists the messages of an endpoint, newest first, from all messages of its application: no table has those that the
 * endpoint accepted, or whose owner's code canceled them, by their ids.
 */
export const listFromMessages = (
  deps: AttemptedMessageDeps,
  endpoint: Endpoint,
  { window, filters, statuses, now }: AttemptedMessageRequest,
): Promise<Page<AttemptedMessage>> =>
  selectPage<ListedMessage, AttemptedMessage>(window, {
    list: (page) =>
      deps.messages.list(endpoint.applicationId, { ...window, ...page, ...filters, withBody: false }, now),
    keyOf: ({ messageId }) => messageId,
    select: async (messages) => {
      const standings = await readStandings(
        deps,
        messages.map((message) => toPossible(message, endpoint)),
        { listOthers: createListOthers(deps, now), now },
      );
      return messages.map((message, index) => {
        const standing = standings[index];
        return standing && (statuses === undefined || statuses.includes(standing.status))
          ? { message, standing }
          : undefined;
      });
    },
    maxRows: statuses?.every((status) => status === 'canceled') ? maxReadForCanceled : maxMessagesRead,
  });

const toPossible = (message: ListedMessage, { endpointId, order }: Endpoint): PossibleDelivery => ({
  messageId: message.messageId,
  endpointId,
  firstAttemptId: attemptIdOf(firstDeliveryOf(message, endpointId)),
  isInGroup: order !== undefined,
});

const createListOthers =
  ({ attempts }: Pick<AttemptedMessageDeps, 'attempts'>, now: Date) =>
  async ({ messageId, endpointId }: PossibleDelivery) => {
    const which = { endpointId, withoutFirstSuccesses: true, withResponse: false, ...attemptsSince(messageId, now) };
    return (await attempts.listByMessage(messageId, { ...which, limit: maxAttempts, direction: 'forward' }, now)).items;
  };
