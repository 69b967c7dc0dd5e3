export type { Clock } from './clock.ts';
export { systemClock } from './clock.ts';
export { countOr, flag, InvalidConfiguration, list, optionalText, readConfiguration, text } from './configuration.ts';
export type { Log, LogFields } from './log.ts';
export { createLog } from './log.ts';
