import { DeleteItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { type DecodedRecord, isId, type Message, UnusableData } from '@posthorn/core';
import { chunkPartition } from './messages/message-body.ts';
import { applicationOfPartition, messageKey, relayKey } from './messages/message-row.ts';
import { type Row, textOf, toItem, toRow } from './rows/row.ts';
import { getRow } from './rows/row-access.ts';
import type { Store } from './store.ts';
import { readStreamRow } from './stream-images.ts';
import { decodeRecord, type StreamRecord } from './stream-records.ts';

/** The ids of a message that was removed. */
export type RemovedMessage = Pick<Message, 'applicationId' | 'messageId'>;

/** Removes the rows that belong to a message which is gone. `kept`: the message exists, so nothing was removed. */
export type RemoveMessageRemains = (message: RemovedMessage) => Promise<'removed' | 'kept'>;

/** Most messages have none, and a body of 1 MiB has four. */
const chunksAtATime = 25;

/** Removes a message's chunk rows and its relay. It may be repeated. */
export const createRemoveMessageRemains = ({ client, stage }: Store): RemoveMessageRemains => {
  const TableName = tableName(stage, 'messages');
  const remove = async (key: Row) => {
    await client.send(new DeleteItemCommand({ TableName, Key: toItem(key) }));
  };
  const exists = async (key: Row) =>
    (await getRow({ client }, { tableName: TableName, key, attributes: ['row'] })) !== undefined;
  const listChunks = async (message: RemovedMessage): Promise<readonly Row[]> => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: '#partition = :partition',
        ProjectionExpression: '#partition, #row',
        ExpressionAttributeNames: { '#partition': 'partition', '#row': 'row' },
        ExpressionAttributeValues: toItem({ ':partition': chunkPartition(message) }),
        Limit: chunksAtATime,
      }),
    );
    return Items.map(toRow);
  };
  return async (message) => {
    // The key of a relay has the id of its message too. And a message can be written again.
    if (await exists(messageKey(message))) return 'kept';
    const relay = relayKey(message);
    if (await exists(relay)) await remove(relay);
    for (let chunks = await listChunks(message); chunks.length > 0; chunks = await listChunks(message))
      await Promise.all(chunks.map(remove));
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
