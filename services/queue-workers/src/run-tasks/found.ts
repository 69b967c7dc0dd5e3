import type { TaskResultEntry } from '@posthorn/core';

/** How much is known of one application. */
export interface Found {
  readonly entry: TaskResultEntry;
  /** How many endpoints were looked at. */
  readonly endpoints: number;
  /** Where the next slice goes on inside the application. Absent: the entry has all of it. */
  readonly after?: string;
}

/** Where to begin inside an application, and how long to go on. */
export interface Look {
  readonly after: string | undefined;
  readonly hasTime: () => boolean;
}
