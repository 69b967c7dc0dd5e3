import { PassingError, type Transform, type Transformed, type TransformRequest } from '@posthorn/core';
import { createBoundedMemory } from '@posthorn/core/memory/bounded-memory';
import { createThread, type StartThread, type Thread } from './create-thread.ts';
import { createFairQueue } from './fair-queue.ts';
import { maxCpuMs } from './limits.ts';

/** One more than a tenant can fill. */
const threadCount = 2;

/** A run that waits for longer has its job go back to the queue: an invocation has 22 s, of which an attempt takes 15. */
const longestWaitMs = 4_000;

/** For so long, no code of an application runs that had a thread ended. */
const pauseMs = 60_000;
const maxPaused = 10_000;

interface Waiting {
  readonly request: TransformRequest;
  readonly done: (result: Transformed) => void;
  readonly failed: (error: unknown) => void;
  /** Ends the wait. */
  readonly timer: NodeJS.Timeout;
  /** It has waited for too long. */
  isOver: boolean;
}

const stuck: Transformed = {
  kind: 'failed',
  reason: `the transformation did not end (limit: ${maxCpuMs} ms of CPU), so no code of its application runs for a minute`,
};

/**
 * Runs tenants' code on threads, which are started when the first code is to run. An application has one run at a time,
 * so that one whose code uses up its limits leaves a thread to the others. What has waited for too long is not run: it
 * throws a `PassingError`, so that the job comes back later.
 *
 * @param now - milliseconds
 */
export function createTransform(startThread: StartThread, now: () => number = () => performance.now()): Transform {
  const queue = createFairQueue<Waiting>();
  const running = new Set<string>();
  const paused = createBoundedMemory<true>({ maxEntries: maxPaused, now });
  const idle: Thread[] = Array.from({ length: threadCount }, () => createThread(startThread));
  const takeNext = (): Waiting | undefined => {
    for (;;) {
      const next = queue.take((applicationId) => !running.has(applicationId));
      if (!next?.isOver) return next;
    }
  };
  const run = async (thread: Thread, { request, done, failed, timer }: Waiting): Promise<void> => {
    const { applicationId } = request;
    clearTimeout(timer);
    running.add(applicationId);
    try {
      const result = await thread.run(request);
      if (result.kind === 'stuck') paused.keep(applicationId, true, pauseMs);
      done(result.kind === 'stuck' ? stuck : result);
    } catch (error) {
      failed(error);
    }
    running.delete(applicationId);
    idle.push(thread);
    runNext();
  };
  const runNext = (): void => {
    for (let thread = idle.pop(); thread; thread = idle.pop()) {
      const next = takeNext();
      if (!next) {
        idle.push(thread);
        return;
      }
      void run(thread, next);
    }
  };
  return (request) => {
    if (paused.find(request.applicationId)) return Promise.resolve(stuck);
    const { promise, resolve, reject } = Promise.withResolvers<Transformed>();
    const giveUp = (): void => {
      waiting.isOver = true;
      reject(new PassingError('too much code of the application waits for its turn'));
    };
    const timer = setTimeout(giveUp, longestWaitMs);
    const waiting: Waiting = { request, done: resolve, failed: reject, timer, isOver: false };
    queue.add(request.applicationId, waiting);
    runNext();
    return promise;
  };
}
