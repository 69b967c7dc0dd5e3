import { setTimeout as wait } from 'node:timers/promises';
import { type Clock, decideRun, type Log, notedReceives } from '@posthorn/core';
import type { HowItRuns, JobRunRepository } from '@posthorn/models/job-runs';
import type { ReceivedJob, ReceivedJobs } from '@posthorn/queues';

export interface GuardBatchDeps {
  readonly jobRuns: JobRunRepository;
  readonly holdBack: ReceivedJobs['holdBack'];
  readonly clock: Clock;
  readonly log: Log;
  /** How long a job waits for its turn, in milliseconds. Default: two seconds. */
  readonly turnMs?: number;
}

/** Runs jobs, and returns the ids of those that go back to the queue. The `doomed` ones end without being run. */
export type RunBatch = (jobs: readonly ReceivedJob[], doomed: ReadonlySet<string>) => Promise<readonly string[]>;

/** Why a job is set aside that kills its worker. */
export const workerDied = 'its worker died, also when it ran alone';

/** A job that may kill its worker waits for its turn, and then goes back to its queue for some time. */
const [longestTurnMs, lookEveryMs, waitSeconds] = [2_000, 20, 30];

/** Where several workers share a process, suspects take turns: then only the one that runs can be the cause. */
let isOneInTurn = false;

/**
 * Keeps a job that kills its worker (endless loop, no memory left) from taking the other jobs of its batch with it each
 * time. A worker that dies can note nothing. So from the third receive on, it notes that a run begins, and that it ended. A
 * job with a run that did not end runs alone, and after minutes in turn with others of the process. If its worker dies in
 * its turn again and again, it is doomed. Other jobs cost nothing.
 */
export const createGuardBatch =
  (deps: GuardBatchDeps) =>
  async (jobs: readonly ReceivedJob[], run: RunBatch): Promise<readonly string[]> => {
    const suspects = jobs.filter(({ receives }) => receives >= notedReceives);
    if (suspects.length === 0) return run(jobs, none);
    const unended = await deps.jobRuns.find(suspects.map(({ id }) => id));
    const now = deps.clock();
    const decided = ({ id }: ReceivedJob) => decideRun(unended.get(id), now);
    const doomed = new Set(suspects.filter((job) => decided(job) === 'doomed').map(({ id }) => id));
    const dangerous = suspects.find((job) => decided(job) === 'alone' || decided(job) === 'in-turn');
    if (!dangerous) {
      const begun = suspects.filter(({ id }) => !doomed.has(id));
      return runNoted(deps, begun, { how: 'with-others', run: () => run(jobs, doomed) });
    }
    const alone = firstOfGroup(jobs, dangerous);
    const others = jobs.filter((job) => job !== alone);
    await giveBack(deps, others, 0);
    const back = others.map(({ id }) => id);
    if (doomed.has(alone.id)) return [...back, ...(await run([alone], doomed))];
    const runAs = async (how: HowItRuns) => runNoted(deps, [alone], { how, run: () => run([alone], none) });
    if (decided(dangerous) === 'alone') return [...back, ...(await runAs('alone'))];
    return [...back, ...(await inTurn(deps, alone, () => runAs('in-turn')))];
  };

const none: ReadonlySet<string> = new Set();

/** Runs it when no other one runs in turn. One whose turn does not come soon goes back to its queue for some time. */
async function inTurn(
  deps: GuardBatchDeps,
  job: ReceivedJob,
  run: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  if (!(await takeTurn(deps))) {
    await giveBack(deps, [job], waitSeconds);
    return [job.id];
  }
  try {
    return await run();
  } finally {
    isOneInTurn = false;
  }
}

/**
 * Mostly a job takes milliseconds. So many that were in flight when their worker died run one after the other, and not one
 * each time that they come back.
 *
 * @returns whether no other one runs in turn, so that this one may
 */
async function takeTurn({ turnMs = longestTurnMs }: GuardBatchDeps): Promise<boolean> {
  for (let waitedMs = 0; isOneInTurn; waitedMs += lookEveryMs) {
    if (waitedMs >= turnMs) return false;
    await wait(lookEveryMs);
  }
  isOneInTurn = true;
  return true;
}

/** No job of a group runs before those that came before it. */
const firstOfGroup = (jobs: readonly ReceivedJob[], job: ReceivedJob): ReceivedJob =>
  jobs.find(({ group }) => group !== undefined && group === job.group) ?? job;

/** They come back without delay. If that fails, they come back when the queue shows them again. */
async function giveBack({ holdBack, log }: GuardBatchDeps, jobs: readonly ReceivedJob[], seconds: number) {
  await Promise.all(
    jobs.map(async (job) => {
      try {
        await holdBack(job, seconds);
      } catch (error) {
        log.warn('job.not_given_back', { jobId: job.id, error });
      }
    }),
  );
}

async function runNoted(
  { jobRuns, clock, log }: GuardBatchDeps,
  jobs: readonly ReceivedJob[],
  { how, run }: { readonly how: HowItRuns; readonly run: () => Promise<readonly string[]> },
): Promise<readonly string[]> {
  const now = clock();
  for (const { id, receives } of how === 'with-others' ? [] : jobs) log.warn('job.runs_alone', { jobId: id, receives });
  await Promise.all(jobs.map(({ id }) => jobRuns.begin(id, { how, now })));
  const back = await run();
  await Promise.all(jobs.map(({ id }) => jobRuns.end(id)));
  return back;
}
