import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startDynamodbLocal } from '@posthorn/local-cloud/stores/dynamodb-local';
import { startSqs } from '@posthorn/local-cloud/stores/sqs';
import { createTables } from '@posthorn/models/tables';
import type { Account } from './local-cloud-file.ts';
import { localQueues } from './local-queues.ts';

/** Where the tables and queues are that the services meet in. */
export interface Stores {
  readonly dynamodb: string;
  readonly sqs: string;
  /** Process ids of the stores that are processes of their own. */
  readonly processes: Readonly<Record<string, number>>;
  /** Resolves, with how, when a store is gone that nobody asked to stop. */
  readonly lost: Promise<string>;
  readonly stops: readonly (() => Promise<void>)[];
}

export interface StoresOptions {
  /** As in the settings. */
  readonly store: string;
  readonly queueServer: string;
  readonly stage: string;
  readonly account: Account;
}

/** Starts what the settings ask for, with all tables and queues. Stores in memory begin empty, both of them. */
export async function startStores({ store, queueServer, stage, account }: StoresOptions): Promise<Stores> {
  const sqs =
    queueServer === 'local' ? await startSqs({ region: account.region, queues: localQueues(stage) }) : undefined;
  try {
    const local = store === 'local' ? await startDynamodbLocal({ inMemory: true }) : undefined;
    const dynamodb = local?.endpoint ?? store;
    await createTables(
      new DynamoDBClient({ endpoint: dynamodb, region: account.region, credentials: { ...account } }),
      stage,
    ).catch((cause: Error) => {
      throw store === 'local' ? cause : new Error(`POSTHORN_DYNAMODB: no tables there. ${cause.message}`, { cause });
    });
    return {
      dynamodb,
      sqs: sqs?.endpoint ?? queueServer,
      processes: local ? { dynamodb: local.pid } : {},
      lost: local?.exited ?? new Promise(() => undefined),
      stops: [sqs?.stop, local?.stop].filter((stop) => stop !== undefined),
    };
  } catch (error) {
    await sqs?.stop();
    throw error;
  }
}
