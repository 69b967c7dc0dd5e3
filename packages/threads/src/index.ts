export type { RunResult, StartThread, Thread, ThreadOptions } from './create-thread.ts';
export { createThread } from './create-thread.ts';
export type { RunShared } from './share-threads.ts';
export { shareThreads } from './share-threads.ts';
