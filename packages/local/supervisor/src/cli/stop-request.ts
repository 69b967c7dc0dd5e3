import { findLaunchers, isRunning } from '../processes/launchers.ts';

const lookEveryMs = 250;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Resolves when this process is to stop: at a signal, when the program that started it with an IPC channel is gone, or when
 * a package runner that it was started through is. (npx ends at SIGTERM without a word to what it runs.)
 *
 * A second signal of the same kind ends the process at once.
 */
export function waitForStopRequest(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of signals) process.once(signal, () => resolve());
    if (process.send !== undefined) process.once('disconnect', () => resolve());
    findLaunchers().then((launchers) => watch(launchers, resolve), resolve);
  });
}

function watch(launchers: readonly number[], onGone: () => void): void {
  if (launchers.length === 0) return;
  const look = async () => {
    const running = await Promise.all(launchers.map(isRunning));
    if (running.includes(false)) onGone();
    else setTimeout(look, lookEveryMs).unref();
  };
  setTimeout(look, lookEveryMs).unref();
}
