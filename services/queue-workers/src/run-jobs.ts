import { type Counter, type Delivery, decideOnFailure, type Log, runInGroupOrder } from '@posthorn/core';
import type { ReceivedJob, ReceivedJobs } from '@posthorn/queues';

/** A received job that holds a delivery. */
export interface DeliveryJob {
  readonly job: ReceivedJob;
  readonly delivery: Delivery;
}

/** Runs one job. A job that is `held` goes back to the queue. */
export type RunJob = (job: DeliveryJob) => Promise<'done' | 'held'>;

export interface RunJobsDeps {
  readonly sendToDeadLetters: ReceivedJobs['sendToDeadLetters'];
  /** Makes a job visible at once that waits behind another one of its group. */
  readonly release?: (job: ReceivedJob) => Promise<void>;
  readonly log: Log;
  readonly counters: Counter;
}

/**
 * Runs a batch of jobs in the order of their groups, and returns the ids of those that go back to the queue. A job that
 * can never be done, because its text or the data behind it cannot be used, is set aside among the dead letters with its
 * reason. No job waits for a job of another group, whatever happens to it.
 */
export const createRunJobs =
  (deps: RunJobsDeps) =>
  (jobs: readonly ReceivedJob[], run: RunJob): Promise<readonly string[]> =>
    runInGroupOrder({
      entries: jobs,
      run: (job) => runJob(deps, job, run),
      onError: (job, error) => deps.log.error('delivery.not_set_aside', { ...namesOf(job), error }),
      onWaiting: async (job) => deps.release?.(job),
    });

async function runJob(deps: RunJobsDeps, job: ReceivedJob, run: RunJob): Promise<'done' | 'held'> {
  const { content, receives } = job;
  if (content.kind === 'refused') return setAside(deps, job, content.reason);
  try {
    return await run({ job, delivery: content.delivery });
  } catch (error) {
    const decision = decideOnFailure({ error, receives });
    const level = decision.fault === 'passing' ? 'warn' : 'error';
    deps.log[level]('delivery.failed', { ...namesOf(job), fault: decision.fault, receives, error });
    return decision.kind === 'set-aside' ? setAside(deps, job, decision.reason) : 'held';
  }
}

async function setAside({ sendToDeadLetters, log, counters }: RunJobsDeps, job: ReceivedJob, reason: string) {
  await sendToDeadLetters(job, reason);
  log.error('delivery.set_aside', { ...namesOf(job), reason });
  counters.add('DeliveriesSetAside', 1);
  return 'done' as const;
}

/** The ids by which a person finds the job and its delivery. */
function namesOf({ id, content }: ReceivedJob) {
  if (content.kind === 'refused') return { jobId: id };
  const { messageId, endpointId, attemptNumber } = content.delivery;
  return { jobId: id, messageId, endpointId, attemptNumber };
}
