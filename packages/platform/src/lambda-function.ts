import middy from '@middy/core';
import type { Log } from '@posthorn/core';
import type { Context } from 'aws-lambda';
import type { Counters } from './metrics.ts';

/** What the wrapper of functions that a queue, a stream or the clock triggers needs. */
export interface FunctionPlatform {
  readonly log: Log;
  readonly counters: Counters;
}

/**
 * Wraps `handle` as a Lambda function. It writes the counters after every run. It logs an error before Lambda gets it
 * and runs the batch again.
 */
export const createFunction = <Event, Answer>(
  { log, counters }: FunctionPlatform,
  handle: (event: Event, context: Context) => Promise<Answer>,
) =>
  middy<Event, Answer>()
    .use({
      after: () => counters.flush(),
      onError: ({ error }) => {
        log.error('function.failed', { error });
        counters.flush();
      },
    })
    .handler(handle);
