export type { Clock } from './clock.ts';
export { systemClock } from './clock.ts';
export { countOr, flag, list, optionalText, readConfiguration, text } from './configuration.ts';

export { createFunction } from './lambda-function.ts';
export type { Log } from './log.ts';
export { createLog } from './log.ts';
export type { Counters } from './metrics.ts';
export { createCounters } from './metrics.ts';
