import type { WorkerOptions } from 'node:worker_threads';
import { threadDataFor } from '@posthorn/threads/thread-data';

/** How a thread is started. */
export const threadOptions: WorkerOptions = {
  workerData: threadDataFor('checking'),
  resourceLimits: { maxOldGenerationSizeMb: 128 },
};
