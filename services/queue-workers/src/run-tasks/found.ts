import type { TaskResultEntry } from '@posthorn/core';

/** What was found of one application, and how many endpoints were looked at for it. */
export interface Found {
  readonly entry: TaskResultEntry;
  readonly endpoints: number;
}
