import { QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type { AttemptCounts, CountedAttempt, Failure, StatisticsRepository } from '@posthorn/core';
import { daysAfter, toEpochSeconds } from './rows/expiry.ts';
import { numberOf, textOf, toItem, toRow } from './rows/row.ts';
import { tryConditionalWrite } from './rows/row-access.ts';
import type { Store } from './store.ts';

const keptDays = 90;
const hourLength = 'yyyy-mm-ddThh'.length;
/** Sequence numbers are compared as text, so all are padded to this length. */
const sequenceLength = 40;
const concurrentWrites = 25;

interface Counters {
  readonly client: Store['client'];
  readonly TableName: string;
}

/**
 * Counts attempts in DynamoDB by endpoint, hour and source. Each row stores the highest sequence number that it has
 * counted. The records of a source arrive in order, so a record with that number or a lower one was counted before.
 */
export function createStatisticsRepository({ client, stage }: Store): StatisticsRepository {
  const counters: Counters = { client, TableName: tableName(stage, 'statistics') };
  return {
    count: async (attempts) => {
      const batches = groupByRow(attempts);
      const failures: Failure<CountedAttempt>[] = [];
      for (let start = 0; start < batches.length; start += concurrentWrites) {
        const written = batches.slice(start, start + concurrentWrites).map((batch) => tryToAdd(counters, batch));
        failures.push(...(await Promise.all(written)).flat());
      }
      return failures;
    },
    sum: (endpointId, since, until) => sumHours(counters, { endpointId, since, until }),
  };
}

/** Groups the attempts by the row that counts them: each sequence number once, in order. */
function groupByRow(attempts: readonly CountedAttempt[]): readonly (readonly CountedAttempt[])[] {
  const inOrder = attempts.toSorted((one, other) => (sequenceOf(one) < sequenceOf(other) ? -1 : 1));
  const rows = new Map<string, Map<string, CountedAttempt>>();
  for (const attempt of inOrder) {
    const key = `${attempt.endpointId} ${rowKey(attempt)}`;
    rows.set(key, (rows.get(key) ?? new Map()).set(sequenceOf(attempt), attempt));
  }
  return [...rows.values()].map((row) => [...row.values()]);
}

/** Returns the attempts of the row if its write failed, so that the other rows are still counted. */
async function tryToAdd(
  counters: Counters,
  batch: readonly CountedAttempt[],
): Promise<readonly Failure<CountedAttempt>[]> {
  try {
    await addToRow(counters, batch);
    return [];
  } catch (error) {
    return batch.map((entry) => ({ entry, error }));
  }
}

async function addToRow(counters: Counters, batch: readonly CountedAttempt[]): Promise<void> {
  let rest = batch;
  while (rest.length > 0) {
    const written = await tryConditionalWrite(counters.client.send(toUpdate(counters, rest)));
    if (!written.refused) return;
    const counted = textOf(written.by, 'lastSequence');
    rest = rest.filter((attempt) => sequenceOf(attempt) > counted);
  }
}

function toUpdate({ TableName }: Counters, batch: readonly CountedAttempt[]): UpdateItemCommand {
  const [first] = batch;
  const last = batch.at(-1);
  if (!first || !last) throw new RangeError('nothing to count');
  const success = batch.filter(({ succeeded }) => succeeded).length;
  return new UpdateItemCommand({
    TableName,
    Key: toItem({ endpointId: first.endpointId, hour: rowKey(first) }),
    UpdateExpression: 'ADD success :success, #fail :fail SET lastSequence = :last, expiresAt = :expiresAt',
    ExpressionAttributeNames: { '#fail': 'fail' },
    ConditionExpression: 'attribute_not_exists(lastSequence) OR lastSequence < :first',
    ExpressionAttributeValues: toItem({
      ':success': success,
      ':fail': batch.length - success,
      ':first': sequenceOf(first),
      ':last': sequenceOf(last),
      ':expiresAt': toEpochSeconds(daysAfter(last.attemptedAt, keptDays)),
    }),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
}

async function sumHours(
  { client, TableName }: Counters,
  { endpointId, since, until }: { readonly endpointId: string; readonly since: Date; readonly until: Date },
): Promise<AttemptCounts> {
  const from = hourOf(since);
  const to = `${hourOf(until)}~`;
  let counts: AttemptCounts = { success: 0, fail: 0 };
  if (from > to) return counts;
  let start: QueryCommand['input']['ExclusiveStartKey'];
  do {
    const { Items, LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'endpointId = :endpointId AND #hour BETWEEN :from AND :to',
        ProjectionExpression: 'success, #fail',
        ExpressionAttributeNames: { '#hour': 'hour', '#fail': 'fail' },
        ExpressionAttributeValues: toItem({ ':endpointId': endpointId, ':from': from, ':to': to }),
        ExclusiveStartKey: start,
      }),
    );
    counts = (Items ?? []).map(toRow).reduce<AttemptCounts>(
      ({ success, fail }, row) => ({
        success: success + numberOf(row, 'success'),
        fail: fail + numberOf(row, 'fail'),
      }),
      counts,
    );
    start = LastEvaluatedKey;
  } while (start);
  return counts;
}

const hourOf = (time: Date): string => time.toISOString().slice(0, hourLength);

const rowKey = ({ attemptedAt, source }: CountedAttempt): string => `${hourOf(attemptedAt)}#${source}`;

const sequenceOf = ({ sequenceNumber }: CountedAttempt): string => sequenceNumber.padStart(sequenceLength, '0');
