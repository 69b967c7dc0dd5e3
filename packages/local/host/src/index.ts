export type { HostOptions } from './host.ts';
