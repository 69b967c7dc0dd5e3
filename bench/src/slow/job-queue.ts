import type { Job } from './job.ts';

/**
 * In which order a queue hands out jobs. `arrival`: as they came. `fair`: as SQS's fair queues promise it, jobs of a group
 * with a large part of those in flight come after the others.
 */
export type QueueOrder = 'arrival' | 'fair';

/** A group with a larger part of the jobs in flight counts as noisy. SQS does not say where its limit is. */
const noisyPart = 0.1;

export interface JobQueue {
  send(job: Job): void;
  /** At most `limit` jobs. They are in flight until they are finished. */
  take(limit: number): readonly Job[];
  finish(jobs: readonly Job[]): void;
  waiting(): number;
}

export function createJobQueue(order: QueueOrder): JobQueue {
  const groups = new Map<string, { readonly jobs: Job[]; first: number; inFlight: number }>();
  let inFlight = 0;
  let waiting = 0;
  const groupOf = (job: Job) => {
    const name = order === 'arrival' ? '' : job.application;
    const found = groups.get(name) ?? { jobs: [], first: 0, inFlight: 0 };
    groups.set(name, found);
    return found;
  };
  return {
    waiting: () => waiting,
    send(job) {
      groupOf(job).jobs.push(job);
      waiting += 1;
    },
    take(limit) {
      const noisy = inFlight * noisyPart;
      const byNoise = [...groups.values()].toSorted(
        (one, other) => Number(one.inFlight > noisy) - Number(other.inFlight > noisy),
      );
      const taken: Job[] = [];
      for (const group of byNoise) {
        while (taken.length < limit) {
          const job = group.jobs[group.first];
          if (job === undefined) break;
          group.first += 1;
          group.inFlight += 1;
          taken.push(job);
        }
        if (group.first > 10_000) {
          group.jobs.splice(0, group.first);
          group.first = 0;
        }
      }
      inFlight += taken.length;
      waiting -= taken.length;
      return taken;
    },
    finish(jobs) {
      inFlight -= jobs.length;
      for (const job of jobs) groupOf(job).inFlight -= 1;
    },
  };
}
