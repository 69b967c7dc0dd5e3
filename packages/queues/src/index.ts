export type { DeliveriesQueue, FifoEntry, StandardEntry, UnsentEntry } from './deliveries-queue.ts';
export { createDeliveriesQueue, maxQueueDelaySeconds } from './deliveries-queue.ts';
export { createQueueClient, type QueuesClient } from './queue-client.ts';
export type { ReceivedJob, ReceivedJobs } from './received-jobs.ts';
export { createReceivedJobs } from './received-jobs.ts';
export type { SetAside } from './set-aside.ts';
export { createSetAside } from './set-aside.ts';
export { toBatchResponse, toReceivedJobs } from './sqs-event.ts';
