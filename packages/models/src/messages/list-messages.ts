import {
  directionOf,
  idRangeOf,
  type ListedMessage,
  type MessageQuery,
  type MessageRepository,
  type Page,
  type PageRequest,
} from '@posthorn/core';
import { toKeyRange } from '../paging/key-range.ts';
import { createSliceReader } from '../paging/query-slice.ts';
import { readPage } from '../paging/read-page.ts';
import { expiryAttribute, nowInSeconds } from '../rows/expiry.ts';
import { allOf, compares, holds, isOneOf, type RowCondition } from '../rows/placeholders.ts';
import { textOf } from '../rows/row.ts';
import { getRows } from '../rows/row-access.ts';
import { loadBodies } from './find-listed.ts';
import { bodyAttributes } from './message-body.ts';
import { listedAttributes, messageKey, messagePartitions, readListedMessage } from './message-row.ts';
import type { MessagesTable } from './messages-table.ts';

/** A page ends when its bodies reach this size, so that a response of the API stays small enough. */
const enoughBodyBytes = 4_000_000;
const firstStep = 5;
const longestStep = 25;

/** The table that messages are listed from. */
export interface ListMessagesStore extends MessagesTable {
  readonly maxRowsRead: number;
}

/** Lists an application's messages, merged from all its partitions. Bodies are read for the rows of the page only. */
export const createListMessages =
  (store: ListMessagesStore): MessageRepository['list'] =>
  async (applicationId, query, now) => {
    const sources = messagePartitions(applicationId).map((partition) =>
      createSliceReader({
        ...store,
        partitionKey: 'partition',
        sortKey: 'row',
        partition,
        filter: toFilter(query, now),
        attributes: listedAttributes,
      }),
    );
    const { maxRowsRead } = store;
    const page = await readPage(
      { sources, range: toKeyRange(idRangeOf('message', query, now)), keyOf: (row) => textOf(row, 'row') },
      { ...query, direction: directionOf(query), order: 'descending', maxRowsRead },
    );
    const listed = { ...page, items: page.items.map(readListedMessage) };
    return query.withBody ? withBodies(store, listed, directionOf(query)) : listed;
  };

const toFilter = ({ channel, eventTypes, tag }: MessageQuery, now: Date): RowCondition =>
  allOf([
    compares('kind', '=', 'message'),
    compares(expiryAttribute, '>', nowInSeconds(now)),
    channel === undefined ? undefined : holds('channels', channel),
    eventTypes && isOneOf('type', eventTypes),
    tag === undefined ? undefined : holds('tags', tag),
  ]);

/**
 * Reads the bodies of a page's messages in steps, and ends the page early when the bodies are large enough. So no page
 * needs more memory than a function has.
 */
export async function withBodies(
  store: ListMessagesStore,
  page: Page<ListedMessage>,
  direction: PageRequest['direction'],
): Promise<Page<ListedMessage>> {
  const walked = direction === 'forward' ? page.items : page.items.toReversed();
  const read: ListedMessage[] = [];
  let [bytes, longest, step] = [0, 1, firstStep];
  while (read.length < walked.length && bytes < enoughBodyBytes) {
    const messages = await readBodies(store, walked.slice(read.length, read.length + step));
    read.push(...messages);
    const sizes = messages.map(({ body = '' }) => Buffer.byteLength(body));
    bytes += sizes.reduce((sum, size) => sum + size, 0);
    longest = Math.max(longest, ...sizes);
    // As many as fit if all of them are as long as the longest so far.
    step = Math.min(longestStep, Math.max(1, Math.floor((enoughBodyBytes - bytes) / longest)));
  }
  const items = direction === 'forward' ? read : read.toReversed();
  return read.length < walked.length ? { items, done: false } : { ...page, items };
}

/** If a message has expired or was expunged in the meantime, it is listed without its body. */
async function readBodies(
  store: ListMessagesStore,
  messages: readonly ListedMessage[],
): Promise<readonly ListedMessage[]> {
  const rows = await getRows(store, {
    tableName: store.tableName,
    keys: messages.map(messageKey),
    attributes: bodyAttributes,
  });
  const bodies = await loadBodies(store, rows);
  const byId = new Map(rows.map((row, index) => [textOf(row, 'row'), bodies[index]]));
  return messages.map((message) => {
    const body = byId.get(message.messageId);
    return body === undefined ? message : { ...message, body };
  });
}
