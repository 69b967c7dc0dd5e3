import type { IdRange, ListOrder, PageRequest } from '@posthorn/core';

/** Sort keys from one to another, both included. */
export interface KeyRange {
  readonly from: string;
  readonly to: string;
}

/** Sorts behind the key and before every other one behind it: keys have no character below `-`. */
const justAbove = (key: string): string => `${key}!`;

/** Sorts before the key and behind every other one before it: keys have no character above `z`. */
const justBelow = (key: string): string =>
  `${key.slice(0, -1)}${String.fromCharCode(key.charCodeAt(key.length - 1) - 1)}~`;

/** The keys of ids that start with a prefix. */
export const withPrefix = (prefix: string): KeyRange => ({ from: prefix, to: `${prefix}~` });

export const toKeyRange = ({ from, before }: IdRange): KeyRange => ({ from, to: justBelow(before) });

export const isEmptyRange = ({ from, to }: KeyRange): boolean => from > to;

/** What is left of a range behind a key, in the walk's direction. */
export const rangeBehind = (range: KeyRange, key: string, ascends: boolean): KeyRange =>
  ascends ? { ...range, from: later(range.from, justAbove(key)) } : { ...range, to: earlier(range.to, justBelow(key)) };

/** Whether a walk goes from low keys to high ones. */
export const isAscending = (order: ListOrder, direction: PageRequest['direction']): boolean =>
  (order === 'ascending') === (direction === 'forward');

const later = (one: string, other: string): string => (one > other ? one : other);
const earlier = (one: string, other: string): string => (one < other ? one : other);
