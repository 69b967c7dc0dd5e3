import { setTimeout as wait } from 'node:timers/promises';
import { StorageFull, StorageReopening, StorageWriteFailed } from '@posthorn/local-storage';
import type { State } from './state.ts';

const againMs = 1_000;

/** Runs work in the background that can be repeated. Closing the store waits for it. */
export function inBackground({ background, stop }: State, work: () => Promise<void>): void {
  const running = untilDone(work, stop.signal).catch((error: unknown) => {
    // The next start finishes the work.
    process.emitWarning(`dynamodb-embedded: ${String(error)}`);
  });
  background.add(running);
  running.finally(() => background.delete(running));
}

/** Begins again while the store cannot be written. */
async function untilDone(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || signal.aborted) throw error;
      // A stop ends the pause, and the next start finishes the work.
      await wait(againMs, undefined, { signal });
    }
  }
}

const isPassing = (error: unknown): boolean =>
  error instanceof StorageFull || error instanceof StorageReopening || error instanceof StorageWriteFailed;
