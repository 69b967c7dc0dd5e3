import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders of snapshots begin with this. */
export const snapshotPrefix = '.snapshot-';
/** Folder of the files that try out whether there is space. */
export const spaceCheckName = '.space-check';

/** Deletes copies and trial files that a killed process has left. */
export async function removeLeftOvers(folder: string): Promise<void> {
  const names = await readdir(folder);
  const old = names.filter((name) => name.startsWith(snapshotPrefix) || name === spaceCheckName);
  await Promise.all(old.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}
