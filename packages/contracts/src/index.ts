export { parseDeliveryJob, toDeliveryJob } from './jobs/delivery-job.ts';
export type { Queue, Table } from './names/names.ts';
export { queueName, queues, streamExportName, tableName, tables } from './names/names.ts';
