import { isRetrySchedule, type RetrySchedule } from '@posthorn/core';
import { ForeignRow, type Row, textOf } from './row.ts';

/** A retry schedule as it is stored in a row: JSON. */
export const toScheduleText = (schedule: RetrySchedule): string => JSON.stringify(schedule);

/** Reads a retry schedule from an attribute. */
export function scheduleOf(row: Row, attribute: string): RetrySchedule {
  const schedule = parse(textOf(row, attribute));
  if (!isRetrySchedule(schedule)) throw new ForeignRow(attribute);
  return schedule;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
