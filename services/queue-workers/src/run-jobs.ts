import { toDeliveryJob } from '@posthorn/contracts';
import {
  BusyError,
  type Counter,
  type Delivery,
  decideOnFailure,
  type GroupsSweep,
  markedAsStored,
  runInGroupOrder,
  UnusableData,
  type Wake,
} from '@posthorn/core';
import type { ReceivedJob, ReceivedJobs } from '@posthorn/queues';
import { type EndSetAsideDeps, endSetAside } from './end-set-aside.ts';
import { workerDied } from './guard-batch.ts';

/** A received job that holds a delivery. */
export interface DeliveryJob {
  readonly job: ReceivedJob;
  readonly delivery: Delivery;
}

/** A received job that wakes what waits. */
export interface WakeJob {
  readonly job: ReceivedJob;
  readonly wake: Wake;
}

/** Runs one job. A job that is `held` goes back to the queue. */
export type RunJob = (job: DeliveryJob) => Promise<'done' | 'held'>;
export type RunWake = (job: WakeJob) => Promise<'done' | 'held'>;

/** What a worker does with each kind of job. */
export interface JobRunners {
  readonly delivery: RunJob;
  readonly wake: RunWake;
  /** Absent on a queue that gets no sweeps. */
  readonly sweep?: (sweep: GroupsSweep) => Promise<'done'>;
}

/** For a queue that gets no wakes. */
export const refuseWake: RunWake = async () => {
  throw new UnusableData('no wake is expected on this queue');
};

export interface RunJobsDeps extends EndSetAsideDeps {
  readonly sendToDeadLetters: ReceivedJobs['sendToDeadLetters'];
  readonly holdBack: ReceivedJobs['holdBack'];
  /** Returns a random number from 0 to 1. */
  readonly jitter: () => number;
  readonly counters: Counter;
}

/** What was too busy for a job may have time for it some seconds later: more of them each time, and not for all jobs at once. */
const [secondsPerReceive, longestHoldSeconds] = [5, 120];

/**
 * Runs a batch of jobs in the order of their groups, and returns the ids of those that go back to the queue. A job that
 * can never be done, because its text or the data behind it cannot be used, is set aside among the dead letters with its
 * reason. So is one that is `doomed`, because it kills its worker. No job waits for a job of another group, whatever
 * happens to it.
 */
export const createRunJobs =
  (deps: RunJobsDeps) =>
  (jobs: readonly ReceivedJob[], run: JobRunners, doomed?: ReadonlySet<string>): Promise<readonly string[]> =>
    runInGroupOrder({
      entries: jobs,
      run: (job) => (doomed?.has(job.id) ? setAside(deps, job, workerDied) : runJob(deps, job, run)),
      onError: (job, error) => deps.log.error('delivery.not_set_aside', { ...namesOf(job), error }),
    });

async function runJob(deps: RunJobsDeps, job: ReceivedJob, run: JobRunners): Promise<'done' | 'held'> {
  const { content, receives } = job;
  if (content.kind === 'refused') return setAside(deps, job, content.reason);
  try {
    return await runContent(job, content, run);
  } catch (error) {
    if (error instanceof BusyError) return comeBackSoon(deps, job, error);
    const decision = decideOnFailure({ error, receives });
    const level = decision.fault === 'passing' ? 'warn' : 'error';
    deps.log[level]('delivery.failed', { ...namesOf(job), fault: decision.fault, receives, error });
    return decision.kind === 'set-aside' ? setAside(deps, job, decision.reason) : 'held';
  }
}

/** If that fails, it comes back later: when its visibility timeout is over. */
async function comeBackSoon({ holdBack, jitter, log }: RunJobsDeps, job: ReceivedJob, { message }: BusyError) {
  const seconds = 1 + jitter() * Math.min(secondsPerReceive * job.receives, longestHoldSeconds);
  log.info('delivery.waits', { ...namesOf(job), reason: message, seconds });
  try {
    await holdBack(job, seconds);
  } catch (error) {
    log.warn('delivery.not_held_back', { ...namesOf(job), error });
  }
  return 'held' as const;
}

async function runContent(job: ReceivedJob, content: Content, run: JobRunners): Promise<'done' | 'held'> {
  switch (content.kind) {
    case 'delivery':
      return run.delivery({ job, delivery: content.delivery });
    case 'wake':
      return run.wake({ job, wake: content.wake });
    case 'sweep':
      if (run.sweep) return run.sweep(content.sweep);
      throw new UnusableData('no sweep is expected on this queue');
    case 'command':
      throw new UnusableData('no command is expected on this queue');
  }
}

type Content = Exclude<ReceivedJob['content'], { kind: 'refused' }>;

/** A delivery that is set aside has failed, as its row says: so it is counted as that, and `recover` finds it. */
async function setAside(deps: RunJobsDeps, job: ReceivedJob, reason: string): Promise<'done'> {
  const { sendToDeadLetters, log, counters } = deps;
  const { content } = job;
  if (content.kind === 'delivery') {
    const delivery = markedAsStored(content.delivery, deps.clock());
    await sendToDeadLetters({ ...job, body: toDeliveryJob(delivery) }, reason);
    await endSetAside(deps, delivery);
  } else await sendToDeadLetters(job, reason);
  log.error('delivery.set_aside', { ...namesOf(job), reason });
  counters.add('DeliveriesSetAside', 1);
  return 'done';
}

/** The ids by which a person finds the job and what it is about. */
function namesOf({ id, content }: ReceivedJob) {
  switch (content.kind) {
    case 'refused':
      return { jobId: id };
    case 'wake': {
      const { endpointId, group, epoch } = content.wake;
      return { jobId: id, endpointId, ...(group !== undefined && { group }), epoch };
    }
    case 'sweep': {
      const { endpointId } = content.sweep;
      return { jobId: id, endpointId };
    }
    case 'command': {
      const { endpointId, group, head: messageId } = content.command;
      return { jobId: id, endpointId, group, messageId };
    }
    case 'delivery': {
      const { messageId, endpointId, attemptNumber } = content.delivery;
      return { jobId: id, messageId, endpointId, attemptNumber };
    }
  }
}
