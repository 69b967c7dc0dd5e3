export type { Clock, Log } from '@posthorn/core';
export { systemClock } from './clock.ts';
export {
  countOr,
  flag,
  list,
  listOr,
  onOrOff,
  optionalCount,
  optionalPage,
  optionalProxy,
  optionalText,
  ports,
  readConfiguration,
  text,
} from './configuration.ts';

export { createFunction } from './lambda-function.ts';
export { createLog } from './log.ts';
export type { Counters, CreateCounters } from './metrics.ts';
export { createCounters } from './metrics.ts';
export { createRandomBytes } from './random-bytes.ts';
