import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type { CountedAttempt } from '@posthorn/core';
import { createBoundedMemory } from '@posthorn/core/memory/bounded-memory';
import { textOf, toItem, toRow } from '../rows/row.ts';
import type { Store } from '../store.ts';
import { hourOf } from './hour-row.ts';

/** More rows than are written in an hour by most installations. */
const rememberedRows = 10_000;
const rememberedMs = 2 * 3_600_000;

/**
 * Leaves out what an earlier version has counted, in rows of an endpoint, hour and source. It matters for batches that
 * come again after an upgrade, and for an hour of each process. Earlier rows have a partition of their own, the
 * endpoint's id. They can be forgotten when the last of them has expired.
 */
export function createWithoutEarlier({ client, TableName }: Pick<Store, 'client'> & { readonly TableName: string }) {
  const memory = createBoundedMemory<ReadonlyMap<string, bigint>>({ maxEntries: rememberedRows, now: Date.now });

  async function readMarks(endpointId: string, hour: string): Promise<ReadonlyMap<string, bigint>> {
    const key = `${endpointId} ${hour}`;
    const known = memory.find(key);
    if (known) return known;
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: 'endpointId = :endpointId AND begins_with(#hour, :hour)',
        ExpressionAttributeNames: { '#hour': 'hour' },
        ExpressionAttributeValues: toItem({ ':endpointId': endpointId, ':hour': `${hour}#` }),
      }),
    );
    const marks = new Map(
      Items.map(toRow).map((row) => [textOf(row, 'hour').slice(hour.length + 1), BigInt(textOf(row, 'lastSequence'))]),
    );
    memory.keep(key, marks, rememberedMs);
    return marks;
  }

  return async (attempts: readonly CountedAttempt[]): Promise<readonly CountedAttempt[]> => {
    const [any] = attempts;
    if (any === undefined) return attempts;
    const marks = await readMarks(any.endpointId, hourOf(any.attemptedAt));
    return attempts.filter(({ source, sequenceNumber }) => {
      const mark = marks.get(source);
      return mark === undefined || BigInt(sequenceNumber) > mark;
    });
  };
}
