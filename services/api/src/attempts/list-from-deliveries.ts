import {
  type DeliveryState,
  type Endpoint,
  idRangeOf,
  joinPages,
  type ListedMessage,
  type MessageStatus,
  type Page,
  type PageRequest,
  type StoredDelivery,
  selectPage,
  timeOfId,
} from '@posthorn/core';
import type { AttemptedMessage, AttemptedMessageDeps, AttemptedMessageRequest } from './attempted-message.ts';
import { findSucceeded, ofStored } from './read-standings.ts';

/** A page ends early after this many stored deliveries were looked at. */
const maxRowsRead = 1_000;

type StoredStatus = Exclude<MessageStatus, 'success' | 'canceled'>;
type StoredRequest = AttemptedMessageRequest & { readonly status: StoredStatus };

/** The states of the deliveries whose messages can have a status. */
const statesOf: Readonly<Record<StoredStatus, readonly DeliveryState[]>> = {
  pending: ['planned', 'held', 'parked'],
  sending: ['planned', 'held', 'parked'],
  fail: ['failed', 'canceled'],
};

/** Whether all messages with this status have a stored delivery. Code can cancel one without leaving a delivery. */
export const isStoredStatus = (status: MessageStatus): status is StoredStatus => status in statesOf;

/**
 * Lists the messages that wait for an endpoint, or failed there, newest first. They are stored as deliveries, so a
 * failed one is found at once among any number of messages that were accepted.
 */
export const listFromDeliveries = (
  deps: AttemptedMessageDeps,
  endpoint: Endpoint,
  request: StoredRequest,
): Promise<Page<AttemptedMessage>> =>
  selectPage<StoredDelivery, AttemptedMessage>(request.window, {
    list: (page) => listNewestFirst(deps, endpoint, { ...request, page }),
    keyOf: messageOf,
    select: (rows) => selectMessages(deps, endpoint, { ...request, rows }),
    maxRows: maxRowsRead,
  });

const messageOf = ({ delivery }: StoredDelivery): string => delivery.messageId;

/** The lists of deliveries have the oldest first, so they are read the other way. */
async function listNewestFirst(
  { deliveries }: Pick<AttemptedMessageDeps, 'deliveries'>,
  { endpointId }: Endpoint,
  { status, window, page, now }: StoredRequest & { readonly page: PageRequest },
): Promise<Page<StoredDelivery>> {
  const { from, before } = idRangeOf('message', window, now);
  const direction = page.direction === 'forward' ? 'backward' : 'forward';
  const query = { ...page, direction, after: timeOfId(from), before: timeOfId(before) } as const;
  const pages = statesOf[status].map(async (state) => {
    const { items, ...end } = await deliveries.list(endpointId, { ...query, state }, now);
    return { ...end, items: items.toReversed() };
  });
  return joinPages(await Promise.all(pages), messageOf, { ...page, order: 'descending' });
}

async function selectMessages(
  deps: AttemptedMessageDeps,
  { applicationId }: Endpoint,
  { status, filters, rows, now }: StoredRequest & { readonly rows: readonly StoredDelivery[] },
): Promise<readonly (AttemptedMessage | undefined)[]> {
  const ofStatus = rows.filter((row) => ofStored(row).status === status);
  const [messages, succeeded] = await Promise.all([
    deps.messages.findAll(applicationId, ofStatus.map(messageOf), now),
    findSucceeded(deps, ofStatus, now),
  ]);
  const listed = new Set(ofStatus.filter((row) => !succeeded.has(row)));
  const found = new Map(messages.map((message) => [message.messageId, message]));
  return rows.map((row) => {
    const message = listed.has(row) ? found.get(messageOf(row)) : undefined;
    return message && hasLabels(message, filters) ? { message, standing: ofStored(row) } : undefined;
  });
}

const hasLabels = (
  { channels, tags, eventType }: ListedMessage,
  { channel, tag, eventTypes }: AttemptedMessageRequest['filters'],
): boolean =>
  (channel === undefined || channels.includes(channel)) &&
  (tag === undefined || tags.includes(tag)) &&
  (eventTypes === undefined || eventTypes.includes(eventType));
