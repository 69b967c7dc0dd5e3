import { directionOf, idRangeOf, type ListedMessage, type MessageQuery, type MessageRepository } from '@posthorn/core';
import { toKeyRange } from '../paging/key-range.ts';
import { createSliceReader } from '../paging/query-slice.ts';
import { readPage } from '../paging/read-page.ts';
import { expiryAttribute, nowInSeconds } from '../rows/expiry.ts';
import { allOf, compares, holds, isOneOf, type RowCondition } from '../rows/placeholders.ts';
import { type Row, textOf } from '../rows/row.ts';
import { getRows } from '../rows/row-access.ts';
import type { Store } from '../store.ts';
import { bodyAttributes } from './message-body.ts';
import { listedAttributes, messageKey, messagePartitions, readListedMessage } from './message-row.ts';

/** What listing messages reads from. */
export interface ListMessagesStore extends Pick<Store, 'client'> {
  readonly tableName: string;
  readonly maxRowsRead: number;
  readonly loadBodies: (store: ListMessagesStore, rows: readonly Row[]) => Promise<readonly (string | undefined)[]>;
}

/** Lists an application's messages, merged from all its partitions; bodies are read for the page's own rows only. */
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
    const items = page.items.map(readListedMessage);
    return { ...page, items: query.withBody ? await withBodies(store, items) : items };
  };

const toFilter = ({ channel, eventTypes, tag }: MessageQuery, now: Date): RowCondition =>
  allOf([
    compares('kind', '=', 'message'),
    compares(expiryAttribute, '>', nowInSeconds(now)),
    channel === undefined ? undefined : holds('channels', channel),
    eventTypes && isOneOf('type', eventTypes),
    tag === undefined ? undefined : holds('tags', tag),
  ]);

/** A message whose row expired in between is listed without its body. */
async function withBodies(
  store: ListMessagesStore,
  messages: readonly ListedMessage[],
): Promise<readonly ListedMessage[]> {
  const rows = await getRows(store, {
    tableName: store.tableName,
    keys: messages.map(messageKey),
    attributes: bodyAttributes,
  });
  const bodies = await store.loadBodies(store, rows);
  const byId = new Map(rows.map((row, index) => [textOf(row, 'row'), bodies[index]]));
  return messages.map((message) => {
    const body = byId.get(message.messageId);
    return body === undefined ? message : { ...message, body };
  });
}
