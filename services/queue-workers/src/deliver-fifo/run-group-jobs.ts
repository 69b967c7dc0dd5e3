import {
  type BatchRun,
  BusyError,
  isPassingError,
  isUnplacedGroup,
  reasonOf,
  runInGroupOrder,
  type Standing,
  UnusableData,
} from '@posthorn/core';
import type { ReceivedJob, ReceivedJobs } from '@posthorn/queues';
import { workerDied } from '../guard-batch.ts';
import type { PlanAgain } from '../plan-again.ts';
import { type GroupWork, toGroupWork } from './group-work.ts';
import { type ReleaseEndedDeps, releaseEnded } from './release-ended.ts';
import { createRunGroup, type RunGroupDeps } from './run-group.ts';
import { createTakeTurns, type Turn } from './take-turns.ts';

export interface RunGroupJobsDeps extends RunGroupDeps, ReleaseEndedDeps {
  readonly holdBack: ReceivedJobs['holdBack'];
  /** For a delivery that was set aside before its group was known. */
  readonly planAgain: PlanAgain;
}

/** A job that failed comes back after some seconds more each time: its group waits for it. */
const secondsPerFailure = 5;
const longestPauseSeconds = 120;

/**
 * Runs a batch of jobs of the FIFO queue, each group in its order, and returns the ids of those that go back to the queue.
 * A job that goes back keeps its place, however often that happens. Only one that is no job is set aside. One that is
 * `doomed`, because it kills its worker, blocks its group.
 */
export function createRunGroupJobs(deps: RunGroupJobsDeps) {
  const { clock, holdBack, log, counters } = deps;

  async function runOne(received: ReceivedJob, { hasTime, begin }: Turn, isDoomed: boolean): Promise<'done' | 'held'> {
    let work: GroupWork;
    try {
      work = toGroupWork(received);
      if (work.job.kind === 'delivery' && isUnplacedGroup(work.owner.group)) {
        if (isDoomed) throw new UnusableData(workerDied);
        await deps.planAgain(work.job.item);
        return 'done';
      }
    } catch (error) {
      if (!(error instanceof UnusableData)) throw error;
      await deps.sendToDeadLetters(received, error.message);
      log.error('delivery.set_aside', { jobId: received.id, reason: error.message });
      counters.add('DeliveriesSetAside', 1);
      return 'done';
    }
    const attemptInOrder: RunGroupDeps['attemptInOrder'] = (request) => {
      begin();
      if (isDoomed) return standingOfDoomed(deps, received, request);
      return deps.attemptInOrder(request);
    };
    const result = await createRunGroup({ ...deps, attemptInOrder })(work, hasTime);
    if (result.kind === 'done') return 'done';
    const until = result.until ?? clock();
    await holdBack(received, (until.getTime() - clock().getTime()) / 1000);
    return 'held';
  }

  return (
    jobs: readonly ReceivedJob[],
    hasTime: () => boolean,
    doomed?: ReadonlySet<string>,
  ): Promise<readonly string[]> => {
    const takeTurn = createTakeTurns(clock, hasTime);
    const batch: BatchRun<ReceivedJob> = {
      entries: jobs,
      run: async (received, progress) => {
        try {
          return await runOne(received, takeTurn(received, progress), doomed?.has(received.id) === true);
        } catch (error) {
          const { id: jobId, group, receives } = received;
          const level = error instanceof BusyError ? 'info' : isPassingError(error) ? 'warn' : 'error';
          const fields = { jobId, receives, reason: reasonOf(error), error };
          log[level]('group.job_failed', { ...fields, ...(group !== undefined && { group }) });
          await holdBack(received, Math.min(secondsPerFailure * receives, longestPauseSeconds));
          return 'held';
        }
      },
      onError: ({ id: jobId }, error) => log.error('group.job_not_held_back', { jobId, error }),
      onWaiting: (received) => holdBack(received, 0),
    };
    const isShared = jobs.some(({ group }) => group !== jobs[0]?.group);
    if (!isShared) return runInGroupOrder(batch);
    return releaseEnded(deps, (onGroupEnd) => runInGroupOrder({ ...batch, onGroupEnd }));
  };
}

/** The attempt is not made: it is what kills the worker. */
async function standingOfDoomed(
  { hasEndpoint, log }: RunGroupJobsDeps,
  { receives }: ReceivedJob,
  { delivery: item }: Parameters<RunGroupDeps['attemptInOrder']>[0],
): Promise<Standing> {
  const { messageId, endpointId } = item;
  log.error('delivery.failed', { messageId, endpointId, receives, reason: workerDied });
  return { kind: (await hasEndpoint(item)) ? 'faulty' : 'endpoint-deleted', item };
}
