import { isMainThread, workerData } from 'node:worker_threads';

/** What threads are for. A thread can run the same file as its function, because the bundle of a function is one file. */
export type ThreadPurpose = 'transforming' | 'checking';

interface ThreadData {
  readonly posthorn: ThreadPurpose;
}

/** The data to start a thread with. */
export const threadDataFor = (purpose: ThreadPurpose): ThreadData => ({ posthorn: purpose });

/** Whether this code runs on a thread that was started for the purpose. */
export const isThreadFor = (purpose: ThreadPurpose): boolean =>
  !isMainThread && (workerData as Partial<ThreadData> | null)?.posthorn === purpose;
