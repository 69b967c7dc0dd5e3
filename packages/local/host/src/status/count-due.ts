import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { isOperationalApplicationId } from '@posthorn/core';
import type { TablesClient } from '@posthorn/models/client';

/** How many deliveries of customers are in the table of long waits, by application. */
export interface DueCounts {
  readonly byApplication: ReadonlyMap<string, number>;
  readonly total: number;
  /** Endpoints that keep failing: each has a wake of its breaker in the table. */
  readonly openBreakers: number;
  /** There are more rows than were read. */
  readonly isPartial: boolean;
}

/**
 * Counts the deliveries that wait longer than a queue can delay them, and the endpoints with an open breaker, but for
 * those of operational webhooks. Reads at most about `limit` rows.
 */
export async function countDue(client: TablesClient, stage: string, limit: number): Promise<DueCounts> {
  const byApplication = new Map<string, number>();
  const protectedEndpoints = new Set<string>();
  let total = 0;
  let rowsRead = 0;
  let start: ScanCommand['input']['ExclusiveStartKey'];
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new ScanCommand({
        TableName: tableName(stage, 'due-deliveries'),
        ProjectionExpression: 'app, kind, endpointId, #group',
        ExpressionAttributeNames: { '#group': 'group' },
        ExclusiveStartKey: start,
      }),
    );
    for (const { app, kind, endpointId, group } of Items) {
      if (isOperationalApplicationId(app?.S ?? '')) continue;
      if (kind?.S === 'wake') {
        if (!group) protectedEndpoints.add(endpointId?.S ?? '');
        continue;
      }
      total += 1;
      const application = app?.S ?? '';
      byApplication.set(application, (byApplication.get(application) ?? 0) + 1);
    }
    rowsRead += Items.length;
    start = LastEvaluatedKey;
  } while (start && rowsRead < limit);
  return { byApplication, total, openBreakers: protectedEndpoints.size, isPartial: start !== undefined };
}
