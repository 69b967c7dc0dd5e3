import { setTimeout as wait } from 'node:timers/promises';

/** Waits until the condition holds. It never gives up: the test's own time limit does, and says which one. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await wait(10);
}
