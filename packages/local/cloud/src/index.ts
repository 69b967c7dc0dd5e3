export { createEventFilter, type EventFilter, InvalidFilterPattern } from './event-sources/event-filter.ts';
export { createFaults, type FaultPlan, type Faults, noFaults } from './event-sources/faults/fault-plan.ts';
export type { Invoke, Log, QueueMapping, RunningMapping, StreamMapping } from './event-sources/mapping.ts';
export { type QueueMappingDeps, runQueueMapping } from './event-sources/queue/run-queue-mapping.ts';
export {
  type CheckpointStore,
  createFileCheckpointStore,
  createMemoryCheckpointStore,
} from './event-sources/stream/checkpoint-store.ts';
export { runStreamMapping, type StreamMappingDeps } from './event-sources/stream/run-stream-mapping.ts';
export { type DynamodbLocal, JavaMissing, PortTaken, startDynamodbLocal } from './stores/dynamodb-local.ts';
export { type LocalQueue, type LocalSqs, startSqs } from './stores/sqs.ts';
