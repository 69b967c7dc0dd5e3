import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type { LogPosition } from '@posthorn/core';
import { createPlaceholders } from '../rows/placeholders.ts';
import { type Row, toRow } from '../rows/row.ts';
import type { Store } from '../store.ts';
import { keysBehind } from './log-row.ts';

/** Which rows of a log to read. */
interface LogRowsRequest {
  readonly behind: LogPosition;
  /** Up to this position. Absent: to the end. */
  readonly upTo?: LogPosition;
  readonly limit: number;
  /** From the end. */
  readonly descends?: true;
}

/** Rows of a log, and whether there are more of them. */
interface LogRows {
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
}

export type ReadLogRows = (request: LogRowsRequest) => Promise<LogRows>;

/** Reads rows of an application's log with one consistent query. */
export const createReadLogRows =
  ({ client, stage }: Store) =>
  (applicationId: string): ReadLogRows =>
  async ({ behind, upTo, limit, descends }) => {
    const { name, value, given } = createPlaceholders();
    const { from, to } = keysBehind(behind, upTo);
    const isInRange = `${name('entry')} BETWEEN ${value(from)} AND ${value(to)}`;
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: tableName(stage, 'message-log'),
        ConsistentRead: true,
        KeyConditionExpression: `${name('applicationId')} = ${value(applicationId)} AND ${isInRange}`,
        ...given(),
        ScanIndexForward: descends !== true,
        Limit: limit,
      }),
    );
    return { rows: Items.map(toRow), hasMore: LastEvaluatedKey !== undefined };
  };
