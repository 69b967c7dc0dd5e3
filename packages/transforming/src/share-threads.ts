import { BusyError, type Transform, type Transformed, type TransformRequest } from '@posthorn/core';
import { createBoundedMemory } from '@posthorn/core/memory/bounded-memory';
import type { Thread } from './create-thread.ts';
import { createFairQueue, type Share } from './fair-queue.ts';
import { longestWaitMs, maxCpuMs } from './limits.ts';

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

const shareOf = ({ organisationId, applicationId }: TransformRequest): Share => ({
  owner: organisationId,
  tenant: applicationId,
});

/**
 * Shares threads among applications. Each has one run at a time, so that one whose code uses up its limits leaves a thread
 * to the others. Organisations take turns, and in them their applications. What has waited for too long is not run: it
 * throws a `BusyError`, so that the job comes back soon.
 *
 * @param now - milliseconds
 */
export function shareThreads(threads: readonly Thread[], now: () => number = () => performance.now()): Transform {
  const queue = createFairQueue<Waiting>();
  const running = new Set<string>();
  const paused = createBoundedMemory<true>({ maxEntries: maxPaused, now });
  const idle = [...threads];
  const takeNext = (): Waiting | undefined => {
    for (;;) {
      const next = queue.take((applicationId) => !running.has(applicationId));
      if (!next?.isOver) return next;
    }
  };
  /** The code of what waits would be stuck as well. */
  const pause = (request: TransformRequest): void => {
    paused.keep(request.applicationId, true, pauseMs);
    for (const { timer, done } of queue.takeAll(shareOf(request))) {
      clearTimeout(timer);
      done(stuck);
    }
  };
  const run = async (thread: Thread, { request, done, failed, timer }: Waiting): Promise<void> => {
    const { applicationId } = request;
    clearTimeout(timer);
    running.add(applicationId);
    try {
      const result = await thread.run(request);
      if (result.kind === 'stuck') pause(request);
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
      reject(new BusyError('too much code of the application waits for its turn'));
    };
    const timer = setTimeout(giveUp, longestWaitMs);
    const waiting: Waiting = { request, done: resolve, failed: reject, timer, isOver: false };
    queue.add(shareOf(request), waiting);
    runNext();
    return promise;
  };
}
