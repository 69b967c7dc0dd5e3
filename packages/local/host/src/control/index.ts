export { controlToken } from './control-token.ts';
export type { HeldSnapshot } from './hold-snapshot.ts';
