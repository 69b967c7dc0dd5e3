import { createFunction } from '@posthorn/platform';
import { toBatchResponse, toReceivedTasks } from '@posthorn/queues';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { FunctionHost } from '../function-host.ts';
import { loadRunTasksDeps } from './deps.ts';
import { createRunTasks } from './run-tasks.ts';

/** The time that a page may need: a slice ends this long before the function's time is over. */
const marginMs = 10_000;

export function createHandler(host: FunctionHost) {
  const deps = loadRunTasksDeps(host);
  const runTasks = createRunTasks(deps);

  return createFunction<SQSEvent, SQSBatchResponse>(deps, async (event, context) => {
    const hasTime = () => context.getRemainingTimeInMillis() > marginMs;
    return toBatchResponse(await runTasks(toReceivedTasks(event), hasTime));
  });
}
