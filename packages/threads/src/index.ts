export type { RunResult, StartThread, Thread } from './create-thread.ts';
export { createThread } from './create-thread.ts';
export type { SharedThreadLimits } from './share-threads.ts';
export { shareThreads } from './share-threads.ts';
