export { readBatchResponse } from './batch-response.ts';
export { createEventFilter } from './event-filter.ts';
export { createFaults, type FaultPlan, type Faults, noFaults, readFaultPlan } from './faults/fault-plan.ts';
export { isJsonObject, type Json, type JsonObject } from './json.ts';
export type {
  Invoke,
  Log,
  Mapping,
  QueueMapping,
  RunningMapping,
  StreamMapping,
} from './mapping.ts';
export { describeError, pause, waitAtMost } from './pause.ts';
export { handleQueueBatch } from './queue/handle-queue-batch.ts';
export { sendToQueue } from './queue/queue-client.ts';
export { type QueueMessage, toQueueMessage } from './queue/queue-record.ts';
export { runQueueMapping } from './queue/run-queue-mapping.ts';
export {
  type Checkpoint,
  type CheckpointStore,
  createFileCheckpointStore,
  createMemoryCheckpointStore,
} from './stream/checkpoint-store.ts';
export type { PollingPace } from './stream/next-pause.ts';
export { createRemoteCheckpointStore } from './stream/remote-checkpoint-store.ts';
export { createRemoteStreams } from './stream/remote-streams.ts';
export { runStreamMapping } from './stream/run-stream-mapping.ts';
export type { ListedShard } from './stream/shard-lineage.ts';
export { type Change, toChange } from './stream/stream-record.ts';
export type { Page, StreamSource } from './stream/stream-source.ts';
