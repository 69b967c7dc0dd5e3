export { run } from './main.ts';
export type { Io, StopReason } from './terminal/io.ts';
export { createProcessIo } from './terminal/process-io.ts';
