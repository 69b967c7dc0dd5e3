import { QueryCommand, type QueryCommandInput, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { type Endpoint, type EndpointRepository, PassingError } from '@posthorn/core';
import { withPrefix } from '../paging/key-range.ts';
import { retryDelay } from '../rows/retry-delay.ts';
import { toItem } from '../rows/row.ts';
import { getRow } from '../rows/row-access.ts';
import { transact } from '../rows/transact.ts';
import type { Store } from '../store.ts';
import { markCreation, readLastCreated } from './last-created.ts';

/** Of endpoints that are created in one application at the same time, one more is created at each try. */
const maxTries = 100;
/** Pauses no longer than this many tries would have, a tenth of a second on average. */
const longestPause = 3;

/** The writes of a new endpoint: its row, and that of its uid if it has one. */
interface Insertion {
  readonly endpoint: Endpoint;
  readonly row: TransactWriteItem;
  readonly taking: readonly TransactWriteItem[];
}

type Inserted = Awaited<ReturnType<EndpointRepository['insert']>>;

/** Inserts an endpoint, however many there are. */
export async function insertEndpoint(store: Store, { row, taking }: Insertion): Promise<Inserted> {
  return toInserted(await transact(store, [row, ...taking]), taking) ?? 'inserted';
}

/**
 * Inserts an endpoint if its application has fewer than `limit`. They are counted before. If another endpoint is created
 * after the count has begun, the insert is refused, and they are counted again.
 */
export async function insertWithinLimit(store: Store, insertion: Insertion, limit: number): Promise<Inserted> {
  const { endpoint, row, taking } = insertion;
  for (let tries = 1; tries <= maxTries; tries += 1) {
    const lastCreated = await readLastCreated(store, endpoint.applicationId);
    if ((await countEndpoints(store, endpoint.applicationId, limit)) >= limit) {
      return (await isStored(store, endpoint)) ? 'exists' : 'limit_reached';
    }
    const unmet = await transact(store, [row, ...taking, markCreation(store, endpoint, lastCreated)]);
    if (unmet.length === 0) return 'inserted';
    const refused = toInserted(unmet, taking);
    if (refused) return refused;
    await retryDelay(Math.min(tries, longestPause));
  }
  throw new PassingError(`too many endpoints are created in the application ${endpoint.applicationId} at once`);
}

/** What the unmet conditions say. The endpoint's row is the first write, and its uid's the second. */
function toInserted(unmet: readonly number[], taking: Insertion['taking']): Inserted | undefined {
  if (unmet.includes(0)) return 'exists';
  return unmet.some((index) => index <= taking.length) ? 'uid_taken' : undefined;
}

const isStored = async (
  { client, stage }: Store,
  { applicationId, endpointId }: Pick<Endpoint, 'applicationId' | 'endpointId'>,
): Promise<boolean> => {
  const key = { applicationId, endpointId };
  return (await getRow({ client }, { tableName: tableName(stage, 'endpoints'), key })) !== undefined;
};

/** Counts the endpoints of an application, of both modes, up to a number. */
async function countEndpoints({ client, stage }: Store, applicationId: string, atMost: number): Promise<number> {
  const { from, to } = withPrefix('ep_');
  let count = 0;
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const { Count = 0, LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: tableName(stage, 'endpoints'),
        ConsistentRead: true,
        Select: 'COUNT',
        Limit: atMost - count,
        KeyConditionExpression: 'applicationId = :applicationId AND endpointId BETWEEN :from AND :to',
        ExpressionAttributeValues: toItem({ ':applicationId': applicationId, ':from': from, ':to': to }),
        ExclusiveStartKey: start,
      }),
    );
    count += Count;
    start = LastEvaluatedKey;
  } while (start && count < atMost);
  return count;
}
