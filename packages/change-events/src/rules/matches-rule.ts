import { matchesPattern } from '../patterns/matches-pattern.ts';
import { findValue } from '../values/path.ts';
import { isSameValue } from '../values/same-value.ts';
import type { ItemChange } from './item-change.ts';
import type { Rule } from './source.ts';

/** Whether a change becomes an event of this rule. */
export const matchesRule = ({ on, changed, when }: Rule, change: ItemChange): boolean =>
  on.includes(change.operation) &&
  (changed === undefined ||
    changed.some((path) => !isSameValue(findValue(change.old, path), findValue(change.new, path)))) &&
  (when === undefined || matchesPattern(when, change));
