import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { currentName, hasRows } from '../files/names.ts';
import { identityName } from '../folder/identity.ts';
import { syncFolder } from '../folder/sync-folder.ts';
import { witnessName } from '../folder/witness.ts';

/** The target of a copy has files already. */
export class FolderNotEmpty extends Error {
  constructor(folder: string) {
    super(`${folder} is not empty. Choose a new or empty folder`);
    this.name = 'FolderNotEmpty';
  }
}

/** @throws FolderNotEmpty */
export async function requireEmpty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) throw new FolderNotEmpty(folder);
}

/**
 * Copies the files of a store that is not open, and makes the copy survive a crash of the machine. CURRENT is last: until
 * then, the copy is refused as incomplete.
 *
 * @param pace - `gentle`: rests after each file as long as its copy took, so that commits do not wait for the disk
 * @returns the count of bytes
 */
export async function copyFolder(from: string, to: string, pace: 'gentle' | 'fast'): Promise<number> {
  const names = (await readdir(from)).filter((name) => hasRows(name) || name === witnessName || name === identityName);
  let bytes = 0;
  for (const name of [...names, currentName]) {
    const startedAt = performance.now();
    await copyFile(join(from, name), join(to, name), constants.COPYFILE_FICLONE);
    const file = await open(join(to, name), 'r+');
    await file.sync();
    bytes += (await file.stat()).size;
    await file.close();
    if (pace === 'gentle') await wait(performance.now() - startedAt);
  }
  await syncFolder(to);
  return bytes;
}
