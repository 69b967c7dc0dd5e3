import type { EndpointTask, PurgeTask, RemovalTask, StatisticsTask, Task } from './task.ts';

/** How many messages a second a task sends or expunges. */
const taskRate = 100;

/** A slice ends when it has sent or expunged this many messages. A crash repeats at most one slice. */
const messagesPerSlice = 200;

/** A slice also ends after this many pages, if it finds little to do. */
const pagesPerSlice = 10;

/** How far a slice has come. */
interface SliceReach {
  /** Absent if it has not moved. For work on messages: the last one that was looked at. */
  readonly cursor?: string;
  /** Whether nothing is left to do. */
  readonly done: boolean;
}

/** How far a slice of work on messages has come. */
interface SliceEnd extends SliceReach {
  readonly skipped: number;
}

/** What a slice of an endpoint's task did. */
export interface SliceResult extends SliceEnd {
  readonly sent: number;
}

/** What a slice of a purge did. */
export interface PurgeResult extends SliceEnd {
  readonly purged: number;
}

/** The task after its present slice. */
export const afterSlice = ({ error: _, ...task }: EndpointTask, result: SliceResult, now: Date): EndpointTask => ({
  ...task,
  ...stateAfter(task, result, now),
  sent: task.sent + result.sent,
  pauseSeconds: pauseAfter(result.sent),
});

/** The same, for a purge. A message that was expunged before costs as much as another one, so it counts for the rate. */
export const afterPurge = ({ error: _, ...task }: PurgeTask, result: PurgeResult, now: Date): PurgeTask => ({
  ...task,
  ...stateAfter(task, result, now),
  purged: task.purged + result.purged,
  pauseSeconds: pauseAfter(result.purged + result.skipped),
});

/** What a slice of the removal of an application did. */
export interface RemovalResult extends SliceReach {
  readonly removed: number;
  readonly removedOthers: number;
  readonly pauseSeconds: number;
}

/** The same, for the removal of an application. */
export const afterRemoval = ({ error: _, ...task }: RemovalTask, result: RemovalResult, now: Date): RemovalTask => ({
  ...task,
  ...reachAfter(task, result, now),
  removed: task.removed + result.removed,
  removedOthers: task.removedOthers + result.removedOthers,
  pauseSeconds: result.pauseSeconds,
});

/** What a slice of statistics did. */
export interface StatisticsResult extends SliceReach {
  readonly counted: number;
  /** How much it has added to the result. */
  readonly resultBytes: number;
}

/** The same, for statistics. */
export const afterStatistics = (
  { error: _, ...task }: StatisticsTask,
  result: StatisticsResult,
  now: Date,
): StatisticsTask => ({
  ...task,
  ...reachAfter(task, result, now),
  counted: task.counted + result.counted,
  resultBytes: task.resultBytes + result.resultBytes,
});

const stateAfter = (task: Pick<EndpointTask, 'slice' | 'skipped'>, end: SliceEnd, now: Date) => ({
  ...reachAfter(task, end, now),
  skipped: task.skipped + end.skipped,
});

const reachAfter = (task: Pick<Task, 'slice'>, { cursor, done }: SliceReach, now: Date) => ({
  status: done ? ('finished' as const) : ('running' as const),
  slice: task.slice + 1,
  ...withCursor(cursor),
  updatedAt: now,
});

const pauseAfter = (messages: number): number => Math.ceil(messages / taskRate);

/** The task that cannot go on. It stays at its slice, so that the slice can be run again. */
export const failedTask = (task: Task, error: string, now: Date): Task => ({
  ...task,
  status: 'failed',
  error,
  updatedAt: now,
});

/** Adds up what was done page by page. */
export const addPages = (one: SliceResult, next: SliceResult): SliceResult => ({
  ...addEnds(one, next),
  sent: one.sent + next.sent,
});

/** The same, for a purge. */
export const addPurges = (one: PurgeResult, next: PurgeResult): PurgeResult => ({
  ...addEnds(one, next),
  purged: one.purged + next.purged,
});

const addEnds = (one: SliceEnd, next: SliceEnd): SliceEnd => ({
  skipped: one.skipped + next.skipped,
  done: next.done,
  ...withCursor(next.cursor ?? one.cursor),
});

/** Whether a slice that has sent or expunged this many messages reads another page. */
export const readsOn = ({ messages, done }: { readonly messages: number; readonly done: boolean }, pages: number) =>
  !done && messages < messagesPerSlice && pages < pagesPerSlice;

const withCursor = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor });
