import { DeleteItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Message } from '@posthorn/core';
import { type Row, toItem, toRow } from '../rows/row.ts';
import { chunkPartition } from './message-body.ts';
import type { MessagesTable } from './messages-table.ts';

/** Most messages have none, and a body of 1 MiB has four. */
const chunksAtATime = 25;

/** Removes all chunk rows of a message, also those that its own row does not name. It may be repeated. */
export async function removeChunks(
  table: MessagesTable,
  message: Pick<Message, 'applicationId' | 'messageId'>,
): Promise<void> {
  const partition = chunkPartition(message);
  for (let keys = await listKeys(table, partition); keys.length > 0; keys = await listKeys(table, partition))
    await removeRows(table, keys);
}

/** Removes the rows with these keys. It is no error if they are gone. */
export async function removeRows({ client, tableName }: MessagesTable, keys: readonly Row[]): Promise<void> {
  await Promise.all(keys.map((key) => client.send(new DeleteItemCommand({ TableName: tableName, Key: toItem(key) }))));
}

async function listKeys({ client, tableName }: MessagesTable, partition: string): Promise<readonly Row[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: tableName,
      ConsistentRead: true,
      KeyConditionExpression: '#partition = :partition',
      ProjectionExpression: '#partition, #row',
      ExpressionAttributeNames: { '#partition': 'partition', '#row': 'row' },
      ExpressionAttributeValues: toItem({ ':partition': partition }),
      Limit: chunksAtATime,
    }),
  );
  return Items.map(toRow);
}
