export type { DeliveriesQueue, FifoEntry, StandardEntry } from './deliveries-queue.ts';
export { createDeliveriesQueue, maxQueueDelaySeconds } from './deliveries-queue.ts';
export type { QueueAccess } from './queue-address.ts';
export { createQueueClient } from './queue-client.ts';
export type { ReceivedJob, ReceivedJobs } from './received-jobs.ts';
export { createReceivedJobs, maxHoldBackSeconds } from './received-jobs.ts';
