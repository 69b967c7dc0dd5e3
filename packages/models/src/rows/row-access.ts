import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  ConditionalCheckFailedException,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';
import { PassingError } from '@posthorn/core';
import type { Store } from '../store.ts';
import { createPlaceholders } from './placeholders.ts';
import { retryDelay } from './retry-delay.ts';
import { type Row, toItem, toRow } from './row.ts';

/** DynamoDB accepts at most this many keys in one BatchGetItem. */
const maxBatchKeys = 100;
/** A batch fails after this many reads in a row that returned nothing. */
const maxFruitlessReads = 8;

/** Reads the row with a key, consistently unless `mayBeStale`, which costs half. */
export async function getRow(
  { client }: Pick<Store, 'client'>,
  request: {
    readonly tableName: string;
    readonly key: Row;
    readonly attributes?: readonly string[];
    readonly mayBeStale?: boolean;
  },
): Promise<Row | undefined> {
  const { Item } = await client.send(
    new GetItemCommand({
      TableName: request.tableName,
      Key: toItem(request.key),
      ConsistentRead: request.mayBeStale !== true,
      ...toProjection(request.attributes),
    }),
  );
  return Item && toRow(Item);
}

/**
 * Reads the rows with these keys, consistently unless `mayBeStale`, which costs half. They come in any order, and missing
 * rows are left out.
 */
export async function getRows(
  { client }: Pick<Store, 'client'>,
  request: {
    readonly tableName: string;
    readonly keys: readonly Row[];
    readonly attributes?: readonly string[];
    readonly mayBeStale?: boolean;
  },
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let fruitless = 0;
  const reading = { ConsistentRead: request.mayBeStale !== true, ...toProjection(request.attributes) };
  let keys = request.keys.map(toItem);
  while (keys.length > 0) {
    const asked = keys.slice(0, maxBatchKeys);
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({
        RequestItems: { [request.tableName]: { Keys: asked, ...reading } },
      }),
    );
    const found = Responses?.[request.tableName] ?? [];
    const unread = UnprocessedKeys?.[request.tableName]?.Keys ?? [];
    rows.push(...found.map(toRow));
    keys = [...unread, ...keys.slice(maxBatchKeys)];
    fruitless = unread.length === asked.length ? fruitless + 1 : 0;
    if (fruitless === maxFruitlessReads)
      throw new PassingError(`${unread.length} rows of ${request.tableName} could not be read`);
    if (fruitless > 0) await retryDelay(fruitless);
  }
  return rows;
}

/**
 * Reads rows of several tables consistently, in one request unless the store leaves some out.
 *
 * @param keys - by the name of the table, at most 100 in all
 */
export async function getRowsOfTables(
  { client }: Pick<Store, 'client'>,
  keys: Readonly<Record<string, readonly Row[]>>,
): Promise<Readonly<Record<string, readonly Row[]>>> {
  const rows: Record<string, Row[]> = {};
  let asked: NonNullable<BatchGetItemCommandInput['RequestItems']> = Object.fromEntries(
    Object.entries(keys).map(([table, own]) => [table, { Keys: own.map(toItem), ConsistentRead: true }]),
  );
  for (let tries = 1; Object.keys(asked).length > 0; tries += 1) {
    if (tries > maxFruitlessReads) throw new PassingError(`rows of ${Object.keys(asked).join(', ')} could not be read`);
    if (tries > 1) await retryDelay(tries - 1);
    const { Responses = {}, UnprocessedKeys = {} } = await client.send(
      new BatchGetItemCommand({ RequestItems: asked }),
    );
    for (const [table, found] of Object.entries(Responses)) rows[table] = [...(rows[table] ?? []), ...found.map(toRow)];
    asked = UnprocessedKeys;
  }
  return rows;
}

/** Returns the answer of `write`, or the stored row if its condition was not met. */
export async function tryConditionalWrite<Answer>(
  write: Promise<Answer>,
): Promise<{ readonly refused: false; readonly answer: Answer } | { readonly refused: true; readonly by: Row }> {
  try {
    return { refused: false, answer: await write };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { refused: true, by: error.Item ? toRow(error.Item) : {} };
  }
}

function toProjection(attributes: readonly string[] | undefined) {
  if (!attributes) return {};
  const placeholders = createPlaceholders();
  const ProjectionExpression = attributes.map(placeholders.name).join(', ');
  return { ProjectionExpression, ExpressionAttributeNames: placeholders.given().ExpressionAttributeNames };
}
