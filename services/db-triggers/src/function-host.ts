import type { ChangeSource } from '@posthorn/change-events';
import type { LogNotices } from '@posthorn/core';
import { createDynamoClient, type TablesClient } from '@posthorn/models/client';
import { type CreateCounters, createCounters } from '@posthorn/platform';
import { createQueueClient, type QueuesClient } from '@posthorn/queues';
import { bundledSources } from './bundled-sources.ts';
import { callLimits } from './time-limits.ts';

/** What a function gets from where it runs: on AWS Lambda, or in one process with all others. */
export interface FunctionHost {
  readonly environment: NodeJS.ProcessEnv;
  readonly tables: TablesClient;
  readonly queues: QueuesClient;
  readonly createCounters: CreateCounters;
  /** The user's own tables, for one stage. */
  readonly sources: readonly ChangeSource[];
  /** Present where polls are held in the same process. */
  readonly logNotices?: Pick<LogNotices, 'tell'>;
}

/** AWS Lambda. */
export const createLambdaHost = (): FunctionHost => ({
  environment: process.env,
  tables: createDynamoClient(callLimits),
  queues: createQueueClient(callLimits),
  createCounters,
  sources: bundledSources,
});
