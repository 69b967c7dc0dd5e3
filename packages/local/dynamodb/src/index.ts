export { FolderInUse } from '@posthorn/local-storage';
export { type EmbeddedDynamodb, openEmbeddedDynamodb } from './engine/engine.ts';
export { RequestFailure } from './failure.ts';
export { AnswerLost, type FaultPlan, type FaultRule, type Faults } from './faults/faults.ts';
export { createInProcessClient, type InProcessClient, type InProcessCommand } from './in-process/client.ts';
export type { Retries } from './in-process/retries.ts';
export type { EmbeddedOptions, ServerOptions } from './options.ts';
export { type DynamodbServer, serveDynamodb, startDynamodbEmbedded } from './server.ts';
export { FormatUnknown } from './state/state.ts';
