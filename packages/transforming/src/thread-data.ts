import type { WorkerOptions } from 'node:worker_threads';
import { threadDataFor } from '@posthorn/threads/thread-data';

/**
 * How a thread is started. The default stack of 4 MB is full before QuickJS is at its own limit, and then its sandbox cannot
 * be used again.
 */
export const threadOptions: WorkerOptions = {
  workerData: threadDataFor('transforming'),
  resourceLimits: { stackSizeMb: 16 },
};
