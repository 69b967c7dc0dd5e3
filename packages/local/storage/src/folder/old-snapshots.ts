import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders of snapshots begin with this. A killed process can leave one, and the next start deletes it. */
export const snapshotPrefix = '.snapshot-';

/** Deletes snapshots that a killed process has left. */
export async function removeOldSnapshots(folder: string): Promise<void> {
  const old = (await readdir(folder)).filter((name) => name.startsWith(snapshotPrefix));
  await Promise.all(old.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}
