import { isMainThread, workerData } from 'node:worker_threads';

/** Tells a thread for transformations from any other one that runs the same file. */
export const threadData = { posthorn: 'transforming' } as const;

/** Whether this code runs on a thread that was started for transformations. */
export const isTransformingThread = (): boolean =>
  !isMainThread && (workerData as Partial<typeof threadData> | null)?.posthorn === threadData.posthorn;
