import type { IdRange, ListOrder, PageRequest } from '@posthorn/core';

/** A range of sort keys that includes both ends. */
export interface KeyRange {
  readonly from: string;
  readonly to: string;
}

/** Sorts directly after the key, before every later key: keys have no character below `-`. */
const justAbove = (key: string): string => `${key}!`;

/** Sorts directly before the key, after every earlier key: keys have no character above `z`. */
const justBelow = (key: string): string =>
  `${key.slice(0, -1)}${String.fromCharCode(key.charCodeAt(key.length - 1) - 1)}~`;

/** The range of the ids that start with a prefix. */
export const withPrefix = (prefix: string): KeyRange => ({ from: prefix, to: `${prefix}~` });

export const toKeyRange = ({ from, before }: IdRange): KeyRange => ({ from, to: justBelow(before) });

export const isEmptyRange = ({ from, to }: KeyRange): boolean => from > to;

/** The rest of a range after a key, in the direction of reading. */
export const rangeBehind = (range: KeyRange, key: string, ascends: boolean): KeyRange =>
  ascends ? { ...range, from: later(range.from, justAbove(key)) } : { ...range, to: earlier(range.to, justBelow(key)) };

/** Whether rows are read from low keys to high keys. */
export const isAscending = (order: ListOrder, direction: PageRequest['direction']): boolean =>
  (order === 'ascending') === (direction === 'forward');

const later = (one: string, other: string): string => (one > other ? one : other);
const earlier = (one: string, other: string): string => (one < other ? one : other);
