import { findLaunchers, isRunning } from '../processes/launchers.ts';

const lookEveryMs = 250;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Resolves when this process must stop:
 * - it receives a signal
 * - the program that started it with an IPC channel has ended
 * - a package runner that started it has ended (npx ends at SIGTERM and does not pass the signal on)
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
