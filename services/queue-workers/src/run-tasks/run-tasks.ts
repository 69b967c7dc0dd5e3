import { type TaskJob, toTaskJob } from '@posthorn/contracts';
import { decideOnFailure, isEndpointTask, type Task } from '@posthorn/core';
import type { ReceivedJobs, ReceivedTask } from '@posthorn/queues';
import { failTask } from './fail-task.ts';
import { createRunSlice, isAtSlice, type RunSliceDeps } from './run-slice.ts';

export interface RunTasksDeps extends RunSliceDeps {
  readonly sendToDeadLetters: ReceivedJobs['sendToDeadLetters'];
}

/**
 * Runs the slices of a batch at the same time, and returns the ids of those that go back to the queue. A slice that can
 * never be done is set aside among the dead letters, and its task is marked as failed, with the reason. Once the cause is
 * removed, a redrive of the entry makes the task go on where it stopped: the entry says that it may.
 */
export function createRunTasks(deps: RunTasksDeps) {
  const runSlice = createRunSlice(deps);
  const run = async (entry: ReceivedTask, hasTime: () => boolean): Promise<'done' | 'back'> => {
    if (entry.content.kind === 'refused') return setAside(deps, entry, entry.content.reason);
    const { job } = entry.content;
    try {
      await runSlice(job, hasTime);
      return 'done';
    } catch (error) {
      const decision = decideOnFailure({ error, receives: entry.receives });
      const { taskId, slice } = job;
      deps.log.error('task.slice_failed', { taskId, slice, fault: decision.fault, receives: entry.receives, error });
      if (decision.kind === 'return') return 'back';
      await setAside(deps, { ...entry, body: toTaskJob({ ...job, resumes: true }) }, decision.reason);
      await markFailed(deps, job, decision.reason);
      return 'done';
    }
  };
  return async (entries: readonly ReceivedTask[], hasTime: () => boolean): Promise<readonly string[]> => {
    const ends = await Promise.allSettled(entries.map((entry) => run(entry, hasTime)));
    return entries.flatMap(({ id }, index) => {
      const end = ends[index];
      if (end?.status === 'rejected') deps.log.error('task.not_set_aside', { jobId: id, error: end.reason });
      return end?.status === 'fulfilled' && end.value === 'done' ? [] : [id];
    });
  };
}

async function setAside({ sendToDeadLetters, log }: RunTasksDeps, { id, body }: ReceivedTask, reason: string) {
  await sendToDeadLetters({ id, body }, reason);
  log.error('task.set_aside', { jobId: id, reason });
  return 'done' as const;
}

async function markFailed(deps: RunTasksDeps, job: TaskJob, reason: string) {
  const task = await deps.tasks.find(job.organisationId, job.taskId);
  if (!task || !isAtSlice(task, job)) return;
  await failTask(deps, task, `${problemOf(task)}: ${reason}. The operator can make the task go on`);
}

function problemOf(task: Task): string {
  if (isEndpointTask(task)) return 'a message cannot be sent again';
  return 'purged' in task ? 'a message cannot be expunged' : 'it cannot go on';
}
