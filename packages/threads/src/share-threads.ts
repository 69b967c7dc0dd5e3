import { BusyError } from '@posthorn/core';
import { createBoundedMemory } from '@posthorn/core/memory/bounded-memory';
import type { RunResult, Thread, ThreadLimits } from './create-thread.ts';
import { createFairQueue, type Share } from './fair-queue.ts';

/** For so long, nothing runs of whoever had a thread ended. */
const pauseMs = 60_000;
const maxPaused = 10_000;

/** Limits of threads, and of the work that waits for them. */
export interface SharedThreadLimits extends ThreadLimits {
  /** Work that has waited for longer is not run. Milliseconds. */
  readonly longestWaitMs: number;
}

export interface ShareThreadsOptions<Request, Answer> {
  readonly threads: readonly Thread<Request, Answer>[];
  /** Who has one run at a time: an owner with all its tenants, or each tenant. */
  readonly oneRunOf: keyof Share;
  /** Work that has waited for longer is not run. Milliseconds. */
  readonly longestWaitMs: number;
  /** Milliseconds. */
  readonly now?: (() => number) | undefined;
}

/** Uses a thread. It can ask it several times. */
export type UseThread<Request, Answer> = (thread: Thread<Request, Answer>) => Promise<RunResult<Answer>>;

/**
 * @returns `stuck` also if the work was not run, because other work of the same owner or tenant was stuck
 * @throws BusyError if it has waited for too long, or the machine is too busy; our own faults
 */
export type RunShared<Request, Answer> = (share: Share, use: UseThread<Request, Answer>) => Promise<RunResult<Answer>>;

interface Waiting<Request, Answer> {
  readonly share: Share;
  readonly use: UseThread<Request, Answer>;
  readonly done: (result: RunResult<Answer>) => void;
  readonly failed: (error: unknown) => void;
  /** Ends the wait. */
  readonly timer: NodeJS.Timeout;
}

/**
 * Shares threads among owners and their tenants. Some have one run at a time, so that one whose runs use up their limits
 * leaves a thread to the others. Owners take turns, and in them their tenants.
 */
export function shareThreads<Request, Answer>({
  threads,
  oneRunOf,
  longestWaitMs,
  now = () => performance.now(),
}: ShareThreadsOptions<Request, Answer>): RunShared<Request, Answer> {
  const queue = createFairQueue<Waiting<Request, Answer>>(oneRunOf);
  const running = new Set<string>();
  const paused = createBoundedMemory<true>({ maxEntries: maxPaused, now });
  const idle = [...threads];
  /** What waits would be stuck as well. */
  const pause = (name: string): void => {
    paused.keep(name, true, pauseMs);
    for (const { timer, done } of queue.takeAll(name)) {
      clearTimeout(timer);
      done({ kind: 'stuck' });
    }
  };
  const run = async (
    thread: Thread<Request, Answer>,
    { share, use, done, failed, timer }: Waiting<Request, Answer>,
  ): Promise<void> => {
    const name = share[oneRunOf];
    clearTimeout(timer);
    running.add(name);
    try {
      const result = await use(thread);
      if (result.kind === 'stuck') pause(name);
      done(result);
    } catch (error) {
      failed(error);
    }
    running.delete(name);
    idle.push(thread);
    runNext();
  };
  const runNext = (): void => {
    for (let thread = idle.pop(); thread; thread = idle.pop()) {
      const next = queue.take((name) => !running.has(name));
      if (!next) {
        idle.push(thread);
        return;
      }
      void run(thread, next);
    }
  };
  return (share, use) => {
    if (paused.find(share[oneRunOf])) return Promise.resolve({ kind: 'stuck' });
    const { promise, resolve, reject } = Promise.withResolvers<RunResult<Answer>>();
    const giveUp = (): void => {
      leave();
      reject(new BusyError('too much work of the tenant waits for its turn'));
    };
    const timer = setTimeout(giveUp, longestWaitMs);
    const leave = queue.add(share, { share, use, done: resolve, failed: reject, timer });
    runNext();
    return promise;
  };
}
