export type { QueueDefinition } from './definition.ts';
export { type SqsServer, type SqsServerOptions, serveSqs } from './front/serve-sqs.ts';
export type { AccessKey } from './front/signature.ts';
export { type ImportedQueue, openQueueImport, type QueueImport } from './import/import-queues.ts';
export type { ImportedMessage } from './import/imported-message.ts';
export { createInProcessSqsClient, type InProcessSqsClient, type SqsCommand } from './in-process-client.ts';
export { SqsFailure } from './operations/failure.ts';
export type { LocalQueue, MayTake, MessageAttribute, QueueCounts, TakenMessage } from './queue/local-queue.ts';
export { type LocalQueues, openQueues, type QueuesOptions } from './queues.ts';
