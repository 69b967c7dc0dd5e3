export { FolderInUse } from '@posthorn/local-storage';
export { type EmbeddedDynamodb, openEmbeddedDynamodb } from './engine/engine.ts';
export { RequestFailure } from './failure.ts';
export { AnswerLost, type FaultPlan, type FaultRule, type Faults } from './faults/faults.ts';
export type { EmbeddedOptions, ServerOptions } from './options.ts';
export { type DynamodbServer, startDynamodbEmbedded } from './server.ts';
export { FormatUnknown } from './state/state.ts';
