import type { Task } from './task.ts';

/** How many deliveries a second a task sends. */
const taskRate = 100;

/** A slice ends when it has sent this many deliveries. A crash repeats at most one slice. */
const deliveriesPerSlice = 200;

/** A slice also ends after this many pages, if it finds little to send. */
const pagesPerSlice = 10;

/** What a slice of a task did. */
export interface SliceResult {
  readonly sent: number;
  readonly skipped: number;
  /** The last message that was looked at. Absent if there was none. */
  readonly cursor?: string;
  /** Whether there are no further messages. */
  readonly done: boolean;
}

/** The task after its present slice. */
export const afterSlice = (task: Task, { sent, skipped, cursor, done }: SliceResult, now: Date): Task => ({
  ...withoutError(task),
  status: done ? 'finished' : 'running',
  slice: task.slice + 1,
  ...(cursor !== undefined && { cursor }),
  sent: task.sent + sent,
  skipped: task.skipped + skipped,
  pauseSeconds: Math.ceil(sent / taskRate),
  updatedAt: now,
});

/** The task that cannot go on. It stays at its slice, so that the slice can be run again. */
export const failedTask = (task: Task, error: string, now: Date): Task => ({
  ...task,
  status: 'failed',
  error,
  updatedAt: now,
});

/** Adds up what was done page by page. */
export const addPages = (one: SliceResult, next: SliceResult): SliceResult => ({
  sent: one.sent + next.sent,
  skipped: one.skipped + next.skipped,
  done: next.done,
  ...withCursor(next.cursor ?? one.cursor),
});

/** Whether a slice that has done this reads another page. */
export const readsOn = ({ sent, done }: SliceResult, pages: number): boolean =>
  !done && sent < deliveriesPerSlice && pages < pagesPerSlice;

const withCursor = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor });
const withoutError = ({ error: _, ...task }: Task): Task => task;
