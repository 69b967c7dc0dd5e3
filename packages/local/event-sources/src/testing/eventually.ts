import { setTimeout as wait } from 'node:timers/promises';

const giveUpAfterMs = 300_000;

/** Waits until the condition is true. The limit only ends a test that would never end. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + giveUpAfterMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`still false after ${giveUpAfterMs} ms: ${condition}`);
    await wait(10);
  }
}
