import type { Job } from './job.ts';
import type { JobQueue } from './job-queue.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** From the queue into a running function. */
const receiveMs = 15;

export interface PoolOptions {
  readonly clock: VirtualClock;
  readonly queue: JobQueue;
  readonly batchSize: number;
  readonly maximumConcurrency: number;
  /** Starts a job, and returns when it ends, in milliseconds since the start. */
  readonly run: (job: Job) => number;
  readonly onInvocation: (seconds: number) => void;
}

/** A queue and the function that it invokes. A batch occupies its invocation until its last job has ended. */
export function createWorkerPool({ clock, queue, batchSize, maximumConcurrency, run, onInvocation }: PoolOptions) {
  let running = 0;
  const startBatches = (): void => {
    while (running < maximumConcurrency && queue.waiting() > 0) {
      const jobs = queue.take(batchSize);
      running += 1;
      clock.at(clock.now() + receiveMs, () => {
        const startedAt = clock.now();
        const endsAt = Math.max(...jobs.map(run));
        clock.at(endsAt, () => {
          running -= 1;
          queue.finish(jobs);
          onInvocation((endsAt - startedAt) / 1_000);
          startBatches();
        });
      });
    }
  };
  return {
    send(job: Job): void {
      queue.send(job);
      startBatches();
    },
  };
}
