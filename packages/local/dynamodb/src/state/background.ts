import type { State } from './state.ts';

/** Work beside the requests, which closing waits for. */
export function inBackground({ background }: State, work: () => Promise<void>): void {
  const running = work().catch((error: unknown) => {
    // A store that is closed or broken has its work done by the next start.
    process.emitWarning(`dynamodb-embedded: ${String(error)}`);
  });
  background.add(running);
  running.finally(() => background.delete(running));
}
