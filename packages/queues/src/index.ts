export type { DeliveriesQueue, FifoEntry, StandardEntry, UnsentEntry } from './deliveries-queue.ts';
export { createDeliveriesQueue, maxQueueDelaySeconds } from './deliveries-queue.ts';
export type { QueueAccess } from './queue-address.ts';
export { createQueueClient } from './queue-client.ts';
export type { DeadLetter, ReceivedJob, ReceivedJobs } from './received-jobs.ts';
export { createReceivedJobs, maxHoldBackSeconds } from './received-jobs.ts';
export { toBatchResponse, toReceivedJobs } from './sqs-event.ts';
