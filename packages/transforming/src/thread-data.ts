import { isMainThread, type WorkerOptions, workerData } from 'node:worker_threads';

/** Tells a thread for transformations from any other one that runs the same file. */
export const threadData = { posthorn: 'transforming' } as const;

/**
 * How a thread is started. The default stack of 4 MB is full before QuickJS is at its own limit, and then its sandbox cannot
 * be used again.
 */
export const threadOptions: WorkerOptions = { workerData: threadData, resourceLimits: { stackSizeMb: 16 } };

/** Whether this code runs on a thread that was started for transformations. */
export const isTransformingThread = (): boolean =>
  !isMainThread && (workerData as Partial<typeof threadData> | null)?.posthorn === threadData.posthorn;
