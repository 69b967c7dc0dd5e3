import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { currentName, hasRows } from '../files/names.ts';
import { identityName } from '../folder/identity.ts';
import { syncFolder } from '../folder/sync-folder.ts';
import { witnessName } from '../folder/witness.ts';
import type { Progress } from './progress.ts';

/** The target of a copy has files already. */
export class FolderNotEmpty extends Error {
  constructor(folder: string) {
    super(`${folder} is not empty. Choose a new or empty folder`);
    this.name = 'FolderNotEmpty';
  }
}

/** @throws FolderNotEmpty */
export async function requireEmpty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) throw new FolderNotEmpty(folder);
}

const isCopied = (name: string): boolean => hasRows(name) || name === witnessName || name === identityName;

/**
 * Copies the files of a store that is not open into a new or empty folder, and makes the copy survive a crash of the
 * machine. Only this user can read it. CURRENT is last: until then, the copy is refused as incomplete.
 *
 * @param pace - `gentle`: rests after each file as long as its copy took, so that commits do not wait for the disk
 * @returns the count of bytes
 * @throws FolderNotEmpty
 */
export async function copyFolder(
  from: string,
  to: string,
  pace: 'gentle' | 'fast',
  onProgress?: Progress,
): Promise<number> {
  await requireEmpty(to);
  const names = [...(await readdir(from)).filter(isCopied), currentName];
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(from, name))).size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let bytes = 0;
  for (const [index, name] of names.entries()) {
    const startedAt = performance.now();
    await copyFile(join(from, name), join(to, name), constants.COPYFILE_FICLONE);
    await chmod(join(to, name), 0o600);
    const file = await open(join(to, name), 'r+');
    await file.sync();
    await file.close();
    bytes += sizes[index] ?? 0;
    onProgress?.({ doing: 'copying', done: bytes, total });
    if (pace === 'gentle') await wait(performance.now() - startedAt);
  }
  await syncFolder(to);
  return bytes;
}
