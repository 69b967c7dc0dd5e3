import { createTakeTurns, type Turn } from '../../../../services/queue-workers/src/deliver-fifo/take-turns.ts';
import type { DeployedQueue } from '../deployed-limits.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import type { createGroupQueue, OrderedJob } from './group-queue.ts';

/** From the queue into a running function. */
const receiveMs = 15;
/** The invocation has 90 s. With less than 21 s left it begins no attempt. */
const lastAttemptMs = 69_000;
const releaseEveryMs = 200;

export interface BatchesOptions {
  readonly clock: VirtualClock;
  readonly queue: ReturnType<typeof createGroupQueue>;
  readonly limits: DeployedQueue;
  /** Whether groups of a batch take turns, and are freed when they have ended. */
  readonly isApart: boolean;
  /** Runs a job, and calls `end` at its end: whether it is done. */
  readonly run: (job: OrderedJob, turn: Turn, end: (result: 'done' | 'held') => void) => void;
  readonly onInvocation: (seconds: number) => void;
  readonly onRelease: () => void;
}

/** The worker of the FIFO queue: invocations with batches, whose groups run at the same time. */
export function createBatches(options: BatchesOptions) {
  const { clock, queue, limits, isApart, run, onInvocation, onRelease } = options;
  let running = 0;

  function start(): void {
    while (running < limits.maximumConcurrency && queue.hasJobs()) {
      const groups = queue.take(limits.batchSize);
      running += 1;
      clock.at(clock.now() + receiveMs, () => runBatch(groups));
    }
  }

  function runBatch(groups: readonly (readonly OrderedJob[])[]): void {
    const startedAt = clock.now();
    const hasTime = () => clock.now() - startedAt < lastAttemptMs;
    const takeTurn = createTakeTurns(() => new Date(clock.now()), hasTime);
    let ended = 0;
    const atEnd: (() => void)[] = [];
    const endGroup = (name: string, again: readonly OrderedJob[]): void => {
      ended += 1;
      let isFree = false;
      const free = () => {
        if (!isFree) queue.free(name, again);
        isFree = true;
      };
      atEnd.push(free);
      if (ended === groups.length) {
        running -= 1;
        onInvocation((clock.now() - startedAt) / 1_000);
        for (const release of atEnd) release();
        start();
        return;
      }
      if (!isApart) return;
      const tick = Math.ceil((clock.now() - startedAt) / releaseEveryMs) * releaseEveryMs;
      clock.at(startedAt + tick, () => {
        if (isFree) return;
        onRelease();
        free();
        start();
      });
    };
    for (const jobs of groups) {
      const name = jobs[0]?.group ?? '';
      const turn = isApart
        ? takeTurn({ id: name, group: name }, { endedGroups: () => ended })
        : { hasTime, begin: () => undefined };
      const next = (index: number): void => {
        const job = jobs[index];
        if (job === undefined) endGroup(name, []);
        else run(job, turn, (result) => (result === 'done' ? next(index + 1) : endGroup(name, jobs.slice(index))));
      };
      next(0);
    }
  }
  return { start };
}
