/** When the event loop has been idle for this long, a job in flight waits for its endpoint and needs no CPU. */
const enoughIdleMs = 5;
/** In a loop that is never idle, a job is assumed to wait for its endpoint after this time. */
const longestStartMs = 250;

/** Cumulated times, in milliseconds. */
export interface LoopClock {
  /** The time in which the event loop had nothing to do. */
  idle(): number;
  now(): number;
}

const loopClock: LoopClock = {
  idle: () => performance.eventLoopUtilization().idle,
  now: () => performance.now(),
};

/** Limits the jobs that have just started, which need CPU. */
export interface StartingJobs {
  /** How many more jobs may start now. */
  room(): number;
  /** Whether another job of the application may start now. */
  mayStart(application: string): boolean;
  /** Returns a function to call when the job has ended. */
  start(application: string): () => void;
  /** Milliseconds until it makes sense to look again. Nothing if no job is starting. */
  nextMs(): number | undefined;
}

interface Started {
  readonly application: string;
  readonly idle: number;
  readonly at: number;
  ended: boolean;
}

/**
 * A job needs CPU when it starts, and only a socket while it waits for its endpoint. This limits how many start at a time,
 * of all applications and of one, so that a job of another application waits for few of them. A job counts as starting
 * until the event loop has been idle since: a loop with nothing to do has no job that needs CPU.
 */
export function createStartingJobs(limit: number, limitOfOne: number, clock: LoopClock = loopClock): StartingJobs {
  const counts = new Map<string, number>();
  let jobs: Started[] = [];
  let first = 0;
  let running = 0;
  const end = (job: Started): void => {
    if (job.ended) return;
    job.ended = true;
    running -= 1;
    const left = (counts.get(job.application) ?? 0) - 1;
    if (left === 0) counts.delete(job.application);
    else counts.set(job.application, left);
  };
  const age = (): void => {
    const [idle, at] = [clock.idle() - enoughIdleMs, clock.now() - longestStartMs];
    for (let job = jobs[first]; job && (job.ended || job.idle <= idle || job.at <= at); job = jobs[first]) {
      end(job);
      first += 1;
    }
    if (first > 1_000) [jobs, first] = [jobs.slice(first), 0];
  };
  return {
    room() {
      age();
      return limit - running;
    },
    mayStart: (application) => running < limit && (counts.get(application) ?? 0) < limitOfOne,
    start(application) {
      const job: Started = { application, idle: clock.idle(), at: clock.now(), ended: false };
      jobs.push(job);
      running += 1;
      counts.set(application, (counts.get(application) ?? 0) + 1);
      return () => end(job);
    },
    nextMs() {
      age();
      return running > 0 ? enoughIdleMs : undefined;
    },
  };
}
