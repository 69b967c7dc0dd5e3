import type { Attempt, NextStep } from '@posthorn/core';
import { ifPresent, instantOf, numberOf, oneOf, type Row } from '../rows/row.ts';

const ends = ['done', 'exhausted', 'aborted', 'gone'] as const;
type End = (typeof ends)[number];

/**
 * What an attempt led to, in two attributes: `next` is the time of a retry, `end` says how a failure ended that is not
 * retried. A success has neither, unless the endpoint asked to be disabled, so it costs nothing. There are two
 * attributes because the index `byMessage` cannot get a new attribute without being built again. And older versions,
 * which do not know `end`, can still read the row.
 */
export const toNextAttributes = ({ next, status }: Pick<Attempt, 'next' | 'status'>) => ({
  next: next.kind === 'retry' ? next.at.toISOString() : undefined,
  end: next.kind === 'retry' || (status === 'succeeded' && next.kind === 'done') ? undefined : next.kind,
});

/** Reads what an attempt led to. Rows of older versions, and rows read by the index, have no `end`. */
export function readNext(row: Row): NextStep {
  const at = ifPresent(row, 'next', instantOf);
  if (at) return { kind: 'retry', at };
  return { kind: ifPresent(row, 'end', (_, name) => oneOf(row, name, ends)) ?? deriveEnd(row) };
}

/** The decision that older versions made and did not store. */
function deriveEnd(row: Row): End {
  if (oneOf(row, 'status', ['succeeded', 'failed']) === 'succeeded') return 'done';
  if (numberOf(row, 'code') === 410) return 'gone';
  return oneOf(row, 'trigger', ['scheduled', 'manual']) === 'manual' ? 'done' : 'exhausted';
}
