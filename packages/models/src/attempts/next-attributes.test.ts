import type { NextStep } from '@posthorn/core';
import { anAttempt, secondsLater } from '@posthorn/testing';
import type { Row } from '../rows/row.ts';
import { readAttempt, toAttemptRow } from './attempt-row.ts';

const retention = { successDays: 30, failureDays: 90 };
const rowOf = (attempt: Parameters<typeof anAttempt>[0]): Row => toAttemptRow(anAttempt(attempt), retention);
const failed = { status: 'failed', responseStatusCode: 500 } as const;

describe('what an attempt led to', () => {
  it.each<[string, Parameters<typeof anAttempt>[0], Row]>([
    ['a success', { next: { kind: 'done' } }, {}],
    ['a retry', { ...failed, next: { kind: 'retry', at: secondsLater(5) } }, { next: '2026-01-01T00:00:05.000Z' }],
    ['a last failure', { ...failed, next: { kind: 'exhausted' } }, { end: 'exhausted' }],
    ['a 410', { ...failed, responseStatusCode: 410, next: { kind: 'gone' } }, { end: 'gone' }],
    ['a success that asks to be disabled', { next: { kind: 'gone' } }, { end: 'gone' }],
    ['a failure that the endpoint ended', { ...failed, next: { kind: 'aborted' } }, { end: 'aborted' }],
    ['a failed manual attempt', { ...failed, trigger: 'manual', next: { kind: 'done' } }, { end: 'done' }],
  ])('is stored for %s', (_, attempt, stored) => {
    const { next, end } = rowOf(attempt);
    expect({ next, end }).toEqual({ next: undefined, end: undefined, ...stored });
    expect(readAttempt(rowOf(attempt)).next).toEqual(anAttempt(attempt).next);
  });

  it.each<[string, Parameters<typeof anAttempt>[0], NextStep]>([
    ['a success', {}, { kind: 'done' }],
    ['a retry', { ...failed, next: { kind: 'retry', at: secondsLater(5) } }, { kind: 'retry', at: secondsLater(5) }],
    ['a last failure', failed, { kind: 'exhausted' }],
    ['a 410', { ...failed, responseStatusCode: 410 }, { kind: 'gone' }],
    ['a failed manual attempt', { ...failed, trigger: 'manual' }, { kind: 'done' }],
  ])('is derived for %s from a row that an older version wrote', (_, attempt, expected) => {
    const { end: __, ...oldRow } = rowOf(attempt);
    expect(readAttempt(oldRow).next).toEqual(expected);
  });

  it('is what was stored, even if an older version would have decided otherwise', () => {
    expect(readAttempt(rowOf({ ...failed, next: { kind: 'gone' } })).next).toEqual({ kind: 'gone' });
  });

  it('is an error for an unknown word', () => {
    expect(() => readAttempt({ ...rowOf(failed), end: 'soon' })).toThrow('end');
  });
});
