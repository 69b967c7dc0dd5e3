import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type { TablesClient } from '@posthorn/models/client';

/** How many deliveries are in the table of long waits, by application. */
export interface DueCounts {
  readonly byApplication: ReadonlyMap<string, number>;
  readonly total: number;
  /** There are more rows than were read. */
  readonly isPartial: boolean;
}

/** Counts the deliveries that wait longer than a queue can delay them. Reads at most about `limit` rows. */
export async function countDue(client: TablesClient, stage: string, limit: number): Promise<DueCounts> {
  const byApplication = new Map<string, number>();
  let total = 0;
  let rowsRead = 0;
  let start: ScanCommand['input']['ExclusiveStartKey'];
  do {
    const {
      Items = [],
      ScannedCount = 0,
      LastEvaluatedKey,
    } = await client.send(
      new ScanCommand({
        TableName: tableName(stage, 'due-deliveries'),
        ProjectionExpression: 'app',
        // Wakes are no deliveries.
        FilterExpression: 'attribute_not_exists(#kind)',
        ExpressionAttributeNames: { '#kind': 'kind' },
        ExclusiveStartKey: start,
      }),
    );
    for (const { app } of Items) {
      const application = app?.S ?? '';
      byApplication.set(application, (byApplication.get(application) ?? 0) + 1);
    }
    total += Items.length;
    rowsRead += ScannedCount;
    start = LastEvaluatedKey;
  } while (start && rowsRead < limit);
  return { byApplication, total, isPartial: start !== undefined };
}
