import type { Transform, Transformed } from '@posthorn/core';
import { createThread, type SharedThreadLimits, type StartThread } from '@posthorn/threads';
import { threadLimits } from './limits.ts';
import type { ThreadRequest } from './serve-thread.ts';
import { shareThreads } from './share-threads.ts';

/** One more than an application can have. */
const threadCount = 2;

export interface TransformOptions {
  readonly limits?: SharedThreadLimits;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** Runs tenants' code on threads, which are started when the first code is to run. */
export const createTransform = (
  startThread: StartThread,
  { limits = threadLimits, now }: TransformOptions = {},
): Transform =>
  shareThreads(
    Array.from({ length: threadCount }, () => createThread<ThreadRequest, Transformed>({ ...limits, startThread })),
    limits.longestWaitMs,
    now,
  );
