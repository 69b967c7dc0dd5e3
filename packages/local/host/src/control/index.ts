export type { ApplicationStatus, SystemStatus } from '../status/system-status.ts';
export { controlToken } from './control-token.ts';
export type { HeldSnapshot } from './hold-snapshot.ts';
