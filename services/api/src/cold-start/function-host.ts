import type { CheckPayloads } from '@posthorn/checking';
import type { LogNotices } from '@posthorn/core';
import { createDynamoClient, type TablesClient } from '@posthorn/models/client';
import { callLimits } from '../time-limits.ts';

/** What a function gets from where it runs: on AWS Lambda, or in one process with all others. */
export interface FunctionHost {
  readonly environment: NodeJS.ProcessEnv;
  readonly tables: TablesClient;
  /** Writes a line of the access log, and returns at once. A line is lost at most if nobody reads the log. */
  readonly writeAccess: (line: string) => void;
}

/** The pipe to the log of a Lambda function takes a line at once, because Lambda reads it all the time. */
export const writeLine = (line: string): void => void process.stdout.write(`${line}\n`);

/** Where polls can be held: in one process with fan-out, which writes the logs. On AWS they are answered at once. */
export interface PollerHost extends FunctionHost {
  readonly logNotices?: Pick<LogNotices, 'watch'>;
  /** A signal that is aborted when nobody waits for the answer of a request any more, or when the process is to stop. */
  readonly endOfRequest?: (requestId: string) => AbortSignal;
}

/** Where functions run that compare payloads with schemas. */
export interface CheckingHost extends FunctionHost {
  /** On threads that nothing else uses. */
  readonly checkPayload: CheckPayloads;
}

/** AWS Lambda. */
export const createLambdaHost = (): FunctionHost => ({
  environment: process.env,
  tables: createDynamoClient(callLimits),
  writeAccess: writeLine,
});
