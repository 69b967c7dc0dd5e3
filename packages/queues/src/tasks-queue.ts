import { type TaskJob, toTaskJob } from '@posthorn/contracts';
import { isEndpointTask, isStatisticsTask, type Task } from '@posthorn/core';
import { createFindQueueUrl, type QueueAccess } from './queue-address.ts';
import { type Pause, type QueueEntry, pause as realPause, sendBatch } from './send-batch.ts';

/** The job for the present slice of a task. */
export const sliceJobOf = (task: Task): TaskJob => ({
  organisationId: task.organisationId,
  ...(!isStatisticsTask(task) && { applicationId: task.applicationId }),
  ...(isEndpointTask(task) && { endpointId: task.endpointId }),
  taskId: task.taskId,
  slice: task.slice,
});

/** Sends slices of tasks to their queue. */
export interface TasksQueue {
  /**
   * @param delaySeconds - 0 to 900
   * @throws UnusableData if the queue refuses the entry for good, PassingError if it does not accept it now
   */
  send(job: TaskJob, delaySeconds: number): Promise<void>;
}

export function createTasksQueue(access: QueueAccess & { readonly pause?: Pause }): TasksQueue {
  const findQueueUrl = createFindQueueUrl(access);
  const sending = {
    client: access.client,
    findQueueUrl: () => findQueueUrl('tasks'),
    pause: access.pause ?? realPause,
  };
  return {
    async send(job, delaySeconds) {
      // The group is the owner, for SQS's fair queueing: its tasks do not delay those of others.
      const entry: QueueEntry = {
        MessageBody: toTaskJob(job),
        MessageGroupId: job.applicationId ?? job.organisationId,
        ...(delaySeconds > 0 ? { DelaySeconds: delaySeconds } : {}),
      };
      const unsent = await sendBatch(sending, [entry]);
      if (unsent.has(0)) throw unsent.get(0);
    },
  };
}
