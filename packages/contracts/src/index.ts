export { toCommandJob } from './jobs/command-job.ts';
export { toDeliveryJob } from './jobs/delivery-job.ts';
export type { ParsedJob } from './jobs/job.ts';
export { ownerOfJob, parseJob } from './jobs/job.ts';
export { toSweepJob } from './jobs/sweep-job.ts';
export type { ParsedTaskJob, TaskJob } from './jobs/task-job.ts';
export { parseTaskJob, toTaskJob } from './jobs/task-job.ts';
export { toWakeJob } from './jobs/wake-job.ts';
export type { Queue, Table } from './names/names.ts';
export {
  isOwnTable,
  jwtSecretName,
  queueName,
  queues,
  secretsKeyAlias,
  streamExportName,
  tableName,
  tables,
} from './names/names.ts';
