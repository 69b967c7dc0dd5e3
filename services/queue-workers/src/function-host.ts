import { Worker } from 'node:worker_threads';
import type { Transform } from '@posthorn/core';
import { createDynamoClient, type TablesClient } from '@posthorn/models/client';
import { type CreateCounters, createCounters } from '@posthorn/platform';
import { createQueueClient, type QueuesClient } from '@posthorn/queues';
import { createTransform } from '@posthorn/transforming';
import { threadOptions } from '@posthorn/transforming/thread-data';
import { callLimits } from './time-limits.ts';

/** What a function gets from where it runs: on AWS Lambda, or in one process with all others. */
export interface FunctionHost {
  readonly environment: NodeJS.ProcessEnv;
  readonly tables: TablesClient;
  readonly queues: QueuesClient;
  readonly createCounters: CreateCounters;
  /** Runs tenants' code, on threads that nothing else uses. */
  readonly transform: Transform;
}

/** AWS Lambda. */
export const createLambdaHost = (): FunctionHost => ({
  environment: process.env,
  tables: createDynamoClient(callLimits),
  queues: createQueueClient(callLimits),
  createCounters,
  // The bundle of a function is one file, so the thread runs the same one (`lambda-handler.ts`).
  transform: createTransform(() => new Worker(__filename, threadOptions)),
});
