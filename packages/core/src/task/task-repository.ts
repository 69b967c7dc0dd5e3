import type { ListOrder, Page, PageRequest } from '../paging/page.ts';
import type { Task, TaskKind, TaskStatus } from './task.ts';
import type { TaskResultEntry } from './task-result.ts';

/** Which tasks to list, by id, which is by time. */
export interface TaskQuery extends PageRequest {
  readonly order: ListOrder;
  /** Only those of one application. Such a list may not have a task that was created a moment ago. */
  readonly applicationId?: string;
  readonly status?: TaskStatus;
  readonly kind?: TaskKind;
}

/** What one slice adds to the result of a task. */
export interface TaskResultPart {
  readonly slice: number;
  readonly entries: readonly TaskResultEntry[];
}

/** What tells that a task has not changed: each change stores another slice or status, or is later. */
export type TaskVersion = Pick<Task, 'slice' | 'status' | 'updatedAt'>;

/** Stores tasks. The trigger of the table sends the next slice after each change. */
export interface TaskRepository {
  /** Durable when it returns. `exists`: a task with this id is stored already, however far it is. */
  insert(task: Task): Promise<'inserted' | 'exists'>;
  /** Sees every write that returned before it began. */
  find(organisationId: string, taskId: string): Promise<Task | undefined>;
  list(organisationId: string, query: TaskQuery): Promise<Page<Task>>;
  /** Stores what a slice found for the task's result. A slice that is run again replaces what it stored before. */
  putResult(task: Pick<Task, 'organisationId' | 'taskId' | 'createdAt'>, part: TaskResultPart): Promise<void>;
  /** The entries of the result, in the order of the slices. An application can have several that follow each other. */
  readResult(organisationId: string, taskId: string): Promise<readonly TaskResultEntry[]>;
  /** Stores `next` if the task is still as `from` was read. `stale`: another worker has changed it, or it is gone. */
  advance(next: Task, from: TaskVersion): Promise<'stored' | 'stale'>;
}
