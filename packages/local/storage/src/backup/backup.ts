import { DataFolderDamaged } from '../errors.ts';
import type { Backup } from '../types.ts';
import { copyFolder, requireEmpty } from './copy-folder.ts';
import type { Snapshot } from './snapshot.ts';
import { verify } from './verify.ts';

/**
 * Copies a snapshot into a folder on any disk.
 *
 * @throws FolderNotEmpty
 */
export async function writeBackup(snapshot: () => Promise<Snapshot>, folder: string): Promise<Backup> {
  await requireEmpty(folder);
  const { folder: source, pauseMs, remove } = await snapshot();
  try {
    return { bytes: await copyFolder(source, folder, 'gentle'), pauseMs };
  } finally {
    await remove();
  }
}

/**
 * Copies a backup into a new or empty folder, after it was verified.
 *
 * @throws FolderNotEmpty
 * @throws DataFolderDamaged if the backup is damaged
 * @throws FolderInUse
 */
export async function restore(backup: string, folder: string): Promise<{ readonly bytes: number }> {
  await requireEmpty(folder);
  const { findings } = await verify(backup);
  if (findings.length > 0) throw new DataFolderDamaged(backup, findings);
  return { bytes: await copyFolder(backup, folder, 'fast') };
}
