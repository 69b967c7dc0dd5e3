import type { RemovalTask } from './task.ts';

/**
 * Deletes the row of an application, frees the uid that it has now, and stores the task that removes the rest: all of it or
 * nothing. So an application has one task, however often and at whatever time its deletion is asked for.
 *
 * @returns `gone` if the application is already deleted: the task that removes the rest was stored then, and this one is not
 */
export type BeginRemoval = (task: RemovalTask) => Promise<'begun' | 'gone'>;
