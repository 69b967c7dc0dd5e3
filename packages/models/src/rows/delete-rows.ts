import { BatchWriteItemCommand, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { PassingError } from '@posthorn/core';
import type { Store } from '../store.ts';
import { retryDelay } from './retry-delay.ts';
import { type Row, toItem } from './row.ts';

/** DynamoDB accepts at most this many rows in one BatchWriteItem. */
const maxBatchRows = 25;
const maxTries = 8;

/** Deletes the rows with these keys. It is no error if some are gone. */
export async function deleteRows(
  { client }: Pick<Store, 'client'>,
  tableName: string,
  keys: readonly Row[],
): Promise<void> {
  const different = [...new Map(keys.map((key) => [JSON.stringify(Object.values(key)), key])).values()];
  const requests = different.map((key): WriteRequest => ({ DeleteRequest: { Key: toItem(key) } }));
  for (let start = 0; start < requests.length; start += maxBatchRows)
    await writeAll({ client }, tableName, requests.slice(start, start + maxBatchRows));
}

async function writeAll(
  { client }: Pick<Store, 'client'>,
  tableName: string,
  requests: readonly WriteRequest[],
): Promise<void> {
  let rest = [...requests];
  for (let tries = 0; rest.length > 0; tries += 1) {
    if (tries === maxTries) throw new PassingError(`${rest.length} rows of ${tableName} could not be deleted`);
    if (tries > 0) await retryDelay(tries);
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: rest } }));
    rest = UnprocessedItems?.[tableName] ?? [];
  }
}
