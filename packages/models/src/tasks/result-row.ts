import type { Task, TaskResultEntry, TaskResultPart } from '@posthorn/core';
import type { KeyRange } from '../paging/key-range.ts';
import { packText, unpackText } from '../rows/packed-text.ts';
import { ForeignRow, type Row } from '../rows/row.ts';
import { rowBytes } from '../rows/row-size.ts';
import { expiryOfTask } from './task-row.ts';

/** Enough for every task: a slice that ends because its result is full has thousands of entries. */
const sliceDigits = 7;

const prefixOf = (taskId: string): string => `result#${taskId}#`;

/** The keys of a task's result. Rows of tasks are not in this range, and rows of results are not in the range of tasks. */
export const resultRange = (taskId: string): KeyRange => ({ from: prefixOf(taskId), to: `${prefixOf(taskId)}~` });

/** A part of a task's result. It has no status, so the trigger of the table does not get it. */
export function toResultRow(
  task: Pick<Task, 'organisationId' | 'taskId' | 'createdAt'>,
  { slice, entries }: TaskResultPart,
): Row {
  const row = {
    organisationId: task.organisationId,
    taskId: `${prefixOf(task.taskId)}${String(slice).padStart(sliceDigits, '0')}`,
    expiresAt: expiryOfTask(task),
  };
  return { ...row, result: packText(JSON.stringify(entries), { otherBytes: rowBytes({ ...row, result: '' }) }) };
}

export function readResultRow(row: Row): readonly TaskResultEntry[] {
  const entries: unknown = JSON.parse(unpackText(row, 'result'));
  if (!Array.isArray(entries)) throw new ForeignRow('result');
  // Only `toResultRow` writes them.
  return entries as readonly TaskResultEntry[];
}
