import { type Connection, pathOf } from '../../connection/connection.ts';
import { readPages } from '../../connection/read-pages.ts';
import type { Query } from '../../connection/server-url.ts';
import { matches } from '../../outcomes/expected-endpoints.ts';
import type { FoundEndpoint } from '../../outcomes/find-endpoint.ts';
import type { ReplayFilter } from './replay-filter.ts';

/** How many messages a task would send. */
export interface Count {
  /** null if the accuracy is `unknown`. */
  readonly messages: number | null;
  /**
   * `at-most`: a filter could not be counted. `at-least`: there are more rows than were read. `unknown`: more messages
   * were sent than were read, so that those that were not sent cannot be told from them.
   */
  readonly accuracy: 'about' | 'at-most' | 'at-least' | 'unknown';
}

/** Whether there is nothing to send. A count that has not read all rows cannot say so. */
export const isNothing = ({ messages, accuracy }: Count): boolean =>
  messages === 0 && (accuracy === 'about' || accuracy === 'at-most');

/** More rows are not read. */
const maxRows = 10_000;

interface Place {
  readonly connection: Connection;
  readonly app: string;
  readonly endpoint: FoundEndpoint;
}

/**
 * Counts the messages that a task would send. What is counted can change until the task looks at it: so can what it skips,
 * such as messages without a payload.
 */
export async function countMessages(place: Place, filter: ReplayFilter): Promise<Count> {
  switch (filter.operation) {
    case 'recover':
      return countFailed(place, filter);
    case 'replay-missing':
      return countMissing(place, filter);
    case 'bulk-replay':
      return countSent(place, filter);
  }
}

const windowOf = ({ since, until }: ReplayFilter): Query => ({ after: since, ...(until && { before: until }) });

async function countFailed({ connection, app, endpoint }: Place, filter: ReplayFilter): Promise<Count> {
  const path = pathOf`/app/${app}/endpoint/${endpoint.id}/delivery`;
  const counts = await Promise.all(
    ['failed', 'canceled'].map((state) => countRows(readPages(connection, path, { state, ...windowOf(filter) }))),
  );
  const messages = counts.reduce((sum, { messages }) => sum + messages, 0);
  return { messages, accuracy: counts.some(({ accuracy }) => accuracy === 'at-least') ? 'at-least' : 'about' };
}

interface ListedMessage {
  readonly id: string;
  readonly eventType: string;
  readonly channels: readonly string[] | null;
}
interface StandingMessage extends ListedMessage {
  readonly statusText: string;
}

/** Messages with a planned attempt are sent only if the filter asks for them. */
async function countSent(place: Place, filter: ReplayFilter): Promise<Count> {
  const { eventTypes, channel, tag, status, statusCodeClass } = filter;
  const query = { ...windowOf(filter), event_types: eventTypes, channel, tag, status };
  const isWanted = ({ statusText }: StandingMessage) =>
    status !== undefined || (statusText !== 'pending' && statusText !== 'sending');
  const counted = await countRows(readStanding(place, query), isWanted);
  // The class of the last answer is in no list.
  return statusCodeClass === undefined || counted.accuracy === 'at-least'
    ? counted
    : { ...counted, accuracy: 'at-most' };
}

const readStanding = ({ connection, app, endpoint }: Place, query: Query) =>
  readPages<StandingMessage>(connection, pathOf`/app/${app}/endpoint/${endpoint.id}/msg`, {
    ...query,
    expanded_statuses: true,
    with_content: false,
  });

async function countMissing(place: Place, filter: ReplayFilter): Promise<Count> {
  const known = new Set<string>();
  const isComplete = await forRows(readStanding(place, windowOf(filter)), ({ id }) => known.add(id));
  if (!isComplete) return { messages: null, accuracy: 'unknown' };
  const { connection, app, endpoint } = place;
  const all = readPages<ListedMessage>(connection, pathOf`/app/${app}/msg`, {
    ...windowOf(filter),
    with_content: false,
  });
  return countRows(
    all,
    ({ id, eventType, channels }) => !known.has(id) && matches(endpoint, { eventType, channels: channels ?? [] }),
  );
}

async function countRows<Row>(
  pages: AsyncIterable<readonly Row[]>,
  isWanted: (row: Row) => boolean = () => true,
): Promise<Count & { readonly messages: number }> {
  let messages = 0;
  const isComplete = await forRows(pages, (row) => {
    if (isWanted(row)) messages += 1;
  });
  return { messages, accuracy: isComplete ? 'about' : 'at-least' };
}

/** Returns false if there are more rows than are read. */
async function forRows<Row>(pages: AsyncIterable<readonly Row[]>, visit: (row: Row) => void): Promise<boolean> {
  let rows = 0;
  for await (const page of pages) {
    if (rows >= maxRows) return false;
    for (const row of page) visit(row);
    rows += page.length;
  }
  return true;
}
