import type { State } from './state.ts';

/** Starts work in the background. Closing the store waits for it. */
export function inBackground({ background }: State, work: () => Promise<void>): void {
  const running = work().catch((error: unknown) => {
    // The next start finishes the work.
    process.emitWarning(`dynamodb-embedded: ${String(error)}`);
  });
  background.add(running);
  running.finally(() => background.delete(running));
}
