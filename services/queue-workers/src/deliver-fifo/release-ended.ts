import type { Log } from '@posthorn/core';
import type { ReceivedJob, ReceivedJobs } from '@posthorn/queues';

/**
 * Groups that have ended are released this often while others of their batch run. Most batches end earlier, and cost
 * nothing more.
 */
const releaseEveryMs = 200;

export interface ReleaseEndedDeps {
  readonly finish: ReceivedJobs['finish'];
  /** Ends early if the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly log: Log;
}

/**
 * Runs a batch, and deletes the jobs of its groups that have ended while others still run: the queue hands out no more of
 * a group while one of its jobs is in flight, and all of a batch are until its invocation ends. The queue's own deletion
 * of the same jobs does nothing then. If it cannot be done, the groups wait for the end of the batch.
 *
 * @param run - gets a function that it calls with the jobs that are done whenever a group has ended
 */
export async function releaseEnded<Result>(
  { finish, sleep, log }: ReleaseEndedDeps,
  run: (onGroupEnd: (done: readonly ReceivedJob[]) => void) => Promise<Result>,
): Promise<Result> {
  const end = new AbortController();
  let ended: readonly ReceivedJob[] = [];
  const release = async (): Promise<void> => {
    for (;;) {
      await sleep(releaseEveryMs, end.signal);
      if (end.signal.aborted) return;
      const jobs = ended;
      ended = [];
      if (jobs.length === 0) continue;
      await finish(jobs).catch((error: unknown) => log.warn('group.not_released', { jobs: jobs.length, error }));
    }
  };
  const releasing = release();
  try {
    return await run((done) => {
      ended = [...ended, ...done];
    });
  } finally {
    end.abort();
    await releasing;
  }
}
