import { tableName } from '@posthorn/contracts';
import { type DecodedRecord, isId, type Message, UnusableData } from '@posthorn/core';
import { applicationOfPartition, messageKey, relayKey } from './messages/message-row.ts';
import { removeChunks, removeRows } from './messages/remove-chunks.ts';
import { type Row, textOf } from './rows/row.ts';
import { getRow } from './rows/row-access.ts';
import type { Store } from './store.ts';
import { readStreamRow } from './stream-images.ts';
import { decodeRecord, type StreamRecord } from './stream-records.ts';

/** The ids of a message that was removed. */
export type RemovedMessage = Pick<Message, 'applicationId' | 'messageId'>;

/** Removes the rows that belong to a message which is gone. `kept`: the message exists, so nothing was removed. */
export type RemoveMessageRemains = (message: RemovedMessage) => Promise<'removed' | 'kept'>;

/** Removes a message's chunk rows and its relay. It may be repeated. */
export const createRemoveMessageRemains = ({ client, stage }: Store): RemoveMessageRemains => {
  const table = { client, tableName: tableName(stage, 'messages') };
  const exists = async (key: Row) =>
    (await getRow(table, { tableName: table.tableName, key, attributes: ['row'] })) !== undefined;
  return async (message) => {
    // The key of a relay has the id of its message too. And a message can be written again.
    if (await exists(messageKey(message))) return 'kept';
    const relay = relayKey(message);
    if (await exists(relay)) await removeRows(table, [relay]);
    await removeChunks(table, message);
    return 'removed';
  };
};

/** Decodes records of removed messages. They have keys only, because the stream has only new images. */
export const decodeMessageRemovals = (records: readonly StreamRecord[]): readonly DecodedRecord<RemovedMessage>[] =>
  records
    .map((record) => ({ ...record, dynamodb: { ...record.dynamodb, OldImage: record.dynamodb?.Keys } }))
    .map((record) => decodeRecord(record, (keys) => readKeys(readStreamRow(keys))));

function readKeys(row: Row): RemovedMessage {
  const [applicationId, messageId] = [applicationOfPartition(textOf(row, 'partition')), textOf(row, 'row')];
  if (!isId('message', messageId)) throw new UnusableData('the row that was removed is not a message');
  return { applicationId, messageId };
}
