import type { Transform, Transformed } from '@posthorn/core';
import { createThread, type StartThread } from '@posthorn/threads';
import { longestRunMs, longestStartMs, maxCpuMs } from './limits.ts';
import type { ThreadRequest } from './serve-thread.ts';
import { shareThreads } from './share-threads.ts';

/** One more than an application can have. */
const threadCount = 2;

/**
 * Runs tenants' code on threads, which are started when the first code is to run.
 *
 * @param now - milliseconds
 */
export const createTransform = (startThread: StartThread, now?: () => number): Transform =>
  shareThreads(
    Array.from({ length: threadCount }, () =>
      createThread<ThreadRequest, Transformed>({ startThread, maxCpuMs, longestRunMs, longestStartMs }),
    ),
    now,
  );
