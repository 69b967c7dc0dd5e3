export { createEventFilter, type EventFilter, InvalidFilterPattern } from './event-sources/event-filter.ts';
export { createFaults, type FaultPlan, type Faults, noFaults } from './event-sources/faults/fault-plan.ts';
export type {
  Invoke,
  Log,
  Mapping,
  QueueMapping,
  RunningMapping,
  RunningStreamMapping,
  StreamMapping,
} from './event-sources/mapping.ts';
export { type QueueMappingDeps, runQueueMapping } from './event-sources/queue/run-queue-mapping.ts';
export {
  type Checkpoint,
  type CheckpointStore,
  createFileCheckpointStore,
  createMemoryCheckpointStore,
} from './event-sources/stream/checkpoint-store.ts';
export { runStreamMapping, type StreamMappingDeps } from './event-sources/stream/run-stream-mapping.ts';
export type { ListedShard } from './event-sources/stream/shard-lineage.ts';
export type { Change } from './event-sources/stream/stream-record.ts';
export type { Page, StreamClient, StreamSource } from './event-sources/stream/stream-source.ts';
export { type DynamodbLocal, JavaMissing, PortTaken, startDynamodbLocal } from './stores/dynamodb-local.ts';
export { type LocalSqs, startSqs } from './stores/sqs.ts';
