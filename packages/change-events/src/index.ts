export type { ItemChange } from './rules/item-change.ts';
export { type ChangeEvent, planEvents } from './rules/plan-events.ts';
export { type ChangeSource, type Operation, operations } from './rules/source.ts';
export { missingApplication, toMessage } from './rules/to-message.ts';
export type { Item } from './values/value.ts';
