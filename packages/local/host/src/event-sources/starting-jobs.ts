/** After this time, a job in flight is assumed to wait for its endpoint, and to need no CPU. */
const startingMs = 50;

/** Limits the jobs that have just started, which need CPU. */
export interface StartingJobs {
  /** How many more jobs may start now. */
  room(): number;
  /** Returns a function to call when the job has ended. */
  start(): () => void;
  /** Milliseconds until a job that is starting counts as waiting. Nothing if no job is starting. */
  nextMs(): number | undefined;
}

interface Started {
  readonly at: number;
  ended: boolean;
}

/**
 * A job needs CPU when it starts, and only a socket while it waits for its endpoint. This limits how many start at a time,
 * so that a job of another application waits for few of them. Jobs that wait for their endpoints do not count.
 *
 * @param now - milliseconds
 */
export function createStartingJobs(limit: number, now: () => number): StartingJobs {
  let jobs: Started[] = [];
  let first = 0;
  let running = 0;
  const age = () => {
    const oldest = now() - startingMs;
    for (let job = jobs[first]; job && (job.ended || job.at <= oldest); job = jobs[first]) {
      if (!job.ended) running -= 1;
      job.ended = true;
      first += 1;
    }
    if (first > 1_000) [jobs, first] = [jobs.slice(first), 0];
  };
  return {
    room() {
      age();
      return limit - running;
    },
    start() {
      const job: Started = { at: now(), ended: false };
      jobs.push(job);
      running += 1;
      return () => {
        if (!job.ended) running -= 1;
        job.ended = true;
      };
    },
    nextMs() {
      age();
      const job = jobs[first];
      return job && Math.max(1, job.at + startingMs - now());
    },
  };
}
