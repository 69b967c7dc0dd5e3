import { setTimeout as wait } from 'node:timers/promises';
import { StorageFull, StorageReopening, StorageWriteFailed } from '@posthorn/local-storage';

const againMs = 1_000;

/** What runs beside the operations. */
export interface Tasks {
  /** Running work in the background, such as filling a new index. */
  readonly background: Set<Promise<void>>;
  /** Ends work in the background that waits. */
  readonly stop: AbortController;
}

/** Runs work in the background that can be repeated. Closing the store waits for it. */
export function inBackground({ background, stop }: Tasks, work: () => Promise<void>): void {
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
