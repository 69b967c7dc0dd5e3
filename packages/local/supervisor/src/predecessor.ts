import { setTimeout as wait } from 'node:timers/promises';
import type { DataFolder } from './data-folder.ts';
import { readLocalCloud } from './local-cloud-file.ts';
import { isRunning } from './processes/launchers.ts';

const lookEveryMs = 50;
/** They end within about three seconds. If another program has the process id by now, `start` waits this long, once. */
const patienceMs = 8_000;

/**
 * Waits until the processes of a killed supervisor have ended. They notice its death and end by themselves, but until
 * then they hold the port and the store. A supervisor that was stopped normally leaves no processes.
 *
 * @param pause - waits between two looks
 * @returns whether the last supervisor was killed
 */
export async function waitForPredecessor(
  folder: Pick<DataFolder, 'cloudFile'>,
  pause: () => Promise<void> = () => wait(lookEveryMs),
): Promise<boolean> {
  const cloud = await readLocalCloud(folder).catch(() => undefined);
  const pids = Object.values(cloud?.processes ?? {}).filter((pid) => pid !== process.pid);
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline) {
    const running = await Promise.all(pids.map(isRunning));
    if (!running.includes(true)) break;
    await pause();
  }
  return pids.length > 0;
}
