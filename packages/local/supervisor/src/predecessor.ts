import { setTimeout as wait } from 'node:timers/promises';
import type { DataFolder } from './data-folder.ts';
import { readLocalCloud } from './local-cloud-file.ts';
import { isRunning } from './processes/launchers.ts';

const lookEveryMs = 50;
/** They end by themselves within about three seconds. A process id that somebody else has by now costs this wait, once. */
const patienceMs = 8_000;

/**
 * Waits until the parts are gone of the supervisor that was here before and was killed. They notice it and end by
 * themselves; until then they hold the port and the store. One that stopped in order has left none.
 */
export async function waitForPredecessor(folder: Pick<DataFolder, 'cloudFile'>): Promise<void> {
  const cloud = await readLocalCloud(folder).catch(() => undefined);
  const pids = Object.values(cloud?.processes ?? {}).filter((pid) => pid !== process.pid);
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline) {
    const running = await Promise.all(pids.map(isRunning));
    if (!running.includes(true)) return;
    await wait(lookEveryMs);
  }
}
