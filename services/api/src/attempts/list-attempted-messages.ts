import type { AttemptedMessageListQuery } from '@posthorn/contracts/api/attempt';
import type { Endpoint, Page, PageRequest } from '@posthorn/core';
import { toMessageText } from '../messages/message-out.ts';
import { toListAnswer, toListText } from '../paging/list-answer.ts';
import { readTimeWindow } from '../paging/time-window.ts';
import type { AttemptedMessage, AttemptedMessageDeps, AttemptedMessageRequest } from './attempted-message.ts';
import { isStoredStatus, listFromDeliveries } from './list-from-deliveries.ts';
import { listFromMessages } from './list-from-messages.ts';
import { statusesOf, toStandingOut } from './status-out.ts';

/**
 * Lists the messages that were sent to an endpoint or wait for it, newest first, as JSON text. It has the bytes of the
 * payloads as they were sent.
 */
export const createAttemptedMessagesLister =
  (deps: AttemptedMessageDeps) =>
  async (
    endpoint: Endpoint,
    { query, now }: { readonly query: AttemptedMessageListQuery; readonly now: Date },
  ): Promise<string> => {
    const { with_content: withContent = true, expanded_statuses: isExpanded = false } = query;
    const request = readRequest(query, now);
    const { direction } = request.window;
    const found = await findMessages(deps, endpoint, request);
    const answer = toListAnswer({
      direction,
      page: withContent ? await withBodies(deps, found, direction) : found,
      idOf: ({ message }) => message.messageId,
      toRow: ({ message, standing }) => {
        const rest = JSON.stringify(toStandingOut(standing, isExpanded)).slice(1);
        return `${toMessageText(message, withContent).slice(0, -1)},${rest}`;
      },
    });
    return toListText(answer);
  };

function findMessages(
  deps: AttemptedMessageDeps,
  endpoint: Endpoint,
  request: AttemptedMessageRequest,
): Promise<Page<AttemptedMessage>> {
  const stored = request.statuses?.find(isStoredStatus);
  return stored === undefined
    ? listFromMessages(deps, endpoint, request)
    : listFromDeliveries(deps, endpoint, { ...request, status: stored });
}

function readRequest(query: AttemptedMessageListQuery, now: Date): AttemptedMessageRequest {
  const { channel, tag, event_types: eventTypes, expanded_statuses: isExpanded = false } = query;
  return {
    window: readTimeWindow(query, 'message'),
    filters: {
      ...(channel !== undefined && { channel }),
      ...(tag !== undefined && { tag }),
      ...(eventTypes && { eventTypes }),
    },
    ...(query.status !== undefined && { statuses: statusesOf(query.status, isExpanded) }),
    now,
  };
}

async function withBodies(
  { messages }: Pick<AttemptedMessageDeps, 'messages'>,
  page: Page<AttemptedMessage>,
  direction: PageRequest['direction'],
): Promise<Page<AttemptedMessage>> {
  const standings = new Map(page.items.map(({ message, standing }) => [message.messageId, standing]));
  const read = await messages.readBodies({ ...page, items: page.items.map(({ message }) => message) }, direction);
  return {
    ...read,
    items: read.items.flatMap((message) => {
      const standing = standings.get(message.messageId);
      return standing ? [{ message, standing }] : [];
    }),
  };
}
