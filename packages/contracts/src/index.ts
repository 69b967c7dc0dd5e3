export type { ParsedDeliveryJob } from './jobs/delivery-job.ts';
export { ownerOfDeliveryJob, parseDeliveryJob, toDeliveryJob } from './jobs/delivery-job.ts';
export type { ParsedTaskJob, TaskJob } from './jobs/task-job.ts';
export { parseTaskJob, toTaskJob } from './jobs/task-job.ts';
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
