import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until a condition holds. The test's own time limit ends it otherwise. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, signal?: AbortSignal): Promise<void> {
  while (!(await isSo())) {
    if (signal?.aborted) throw new Error(`not so in time: ${what}`);
    await sleep(10);
  }
}
