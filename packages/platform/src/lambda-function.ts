import middy from '@middy/core';
import type { Log } from '@posthorn/core';
import type { Context } from 'aws-lambda';
import type { Counters } from './metrics.ts';

/** What every function that is woken by a queue, a stream or the clock has around it. */
export interface FunctionPlatform {
  readonly log: Log;
  readonly counters: Counters;
}

/**
 * A Lambda function around `handle`: counters are written after every run, and an error is logged before it reaches
 * Lambda, which then runs the batch again.
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
