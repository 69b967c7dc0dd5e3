import { createDynamoClient, type TablesClient } from '@posthorn/models/client';
import { callLimits } from '../time-limits.ts';

/** What a function gets from where it runs: on AWS Lambda, or in one process with all others. */
export interface FunctionHost {
  readonly environment: NodeJS.ProcessEnv;
  readonly tables: TablesClient;
}

/** AWS Lambda. */
export const createLambdaHost = (): FunctionHost => ({
  environment: process.env,
  tables: createDynamoClient(callLimits),
});
