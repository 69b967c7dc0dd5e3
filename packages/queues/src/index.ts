export type {
  CommandEntry,
  CommandsQueue,
  DeliveriesQueue,
  FifoEntry,
  StandardEntry,
  UnsentEntry,
  WakeEntry,
  WakesQueue,
} from './deliveries-queue.ts';
export { createDeliveriesQueue, maxQueueDelaySeconds } from './deliveries-queue.ts';
export { createQueueClient, type QueuesClient } from './queue-client.ts';
export type { ReceivedJob, ReceivedJobs } from './received-jobs.ts';
export { createReceivedJobs } from './received-jobs.ts';
export type { SetAside } from './set-aside.ts';
export { createSetAside } from './set-aside.ts';
export type { ReceivedTask } from './sqs-event.ts';
export { toBatchResponse, toReceivedJobs, toReceivedTasks } from './sqs-event.ts';
export type { TasksQueue } from './tasks-queue.ts';
export { createTasksQueue, sliceJobOf } from './tasks-queue.ts';
