import { DeleteItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type { RunDecision, UnendedRuns } from '@posthorn/core';
import { daysAfter, toEpochSeconds } from './rows/expiry.ts';
import { ifPresent, instantOf, numberOf, textOf, toItem } from './rows/row.ts';
import { getRows } from './rows/row-access.ts';
import type { Store } from './store.ts';

/** As long as a queue keeps a job. */
const keptDays = 14;

/** What a job may run with. */
export type HowItRuns = Exclude<RunDecision, 'doomed'>;

/** Notes of the runs of jobs that come back again and again, by the queue's id of the job. */
export interface JobRunRepository {
  /** The runs that began and did not end, of jobs that have any. Sees every write that finished before. */
  find(jobIds: readonly string[]): Promise<ReadonlyMap<string, UnendedRuns>>;
  /** Notes that a run begins. */
  begin(jobId: string, run: { readonly how: HowItRuns; readonly now: Date }): Promise<void>;
  /** Forgets a job's runs: the last one has ended, so none of them was the cause of a death. */
  end(jobId: string): Promise<void>;
}

/** Notes of runs in DynamoDB: a row for each job that has come back, until a run of it ends. */
export function createJobRunRepository({ client, stage }: Store): JobRunRepository {
  const TableName = tableName(stage, 'job-runs');
  return {
    find: async (jobIds) => {
      const keys = jobIds.map((job) => ({ job }));
      const rows = await getRows({ client }, { tableName: TableName, keys });
      return new Map(
        rows.map((row) => [
          textOf(row, 'job'),
          {
            all: numberOf(row, 'begun'),
            alone: numberOf(row, 'alone'),
            inTurn: ifPresent(row, 'inTurn', numberOf) ?? 0,
            since: instantOf(row, 'since'),
          },
        ]),
      );
    },
    begin: async (job, { how, now }) => {
      const command = new UpdateItemCommand({
        TableName,
        Key: toItem({ job }),
        UpdateExpression:
          'ADD begun :one, alone :alone, inTurn :inTurn SET expiresAt = :expiresAt, #since = if_not_exists(#since, :now)',
        ExpressionAttributeNames: { '#since': 'since' },
        ExpressionAttributeValues: toItem({
          ':one': 1,
          ':alone': how === 'with-others' ? 0 : 1,
          ':inTurn': how === 'in-turn' ? 1 : 0,
          ':expiresAt': toEpochSeconds(daysAfter(now, keptDays)),
          ':now': now.toISOString(),
        }),
      });
      await client.send(command);
    },
    end: async (job) => {
      await client.send(new DeleteItemCommand({ TableName, Key: toItem({ job }) }));
    },
  };
}
