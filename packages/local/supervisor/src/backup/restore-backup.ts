import { mkdir, readdir } from 'node:fs/promises';
import { DataFolderDamaged, FolderNotEmpty, type Progress } from '@posthorn/local-storage';
import { lockDataFolder } from '../data-folder-lock.ts';
import { copyData } from './copy-data.ts';
import { holdFolder } from './used-folder.ts';
import { verifyStores } from './verify-folder.ts';

/** What a start leaves that was refused before it had data. */
const withoutData = ['lock', 'build'];

/**
 * Copies a backup into a data folder that is new or empty, after everything in the backup was checked.
 *
 * @returns the counts of bytes and rows
 * @throws FolderNotEmpty, DataFolderDamaged, DataFolderTaken, or what `holdFolder` throws. The data folder has no data then.
 */
export async function restoreBackup(
  backup: string,
  dataDir: string,
  onProgress: Progress,
): Promise<{ readonly bytes: number; readonly rows: number }> {
  const held = await holdFolder(backup);
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const others = (await readdir(dataDir)).filter((name) => !withoutData.includes(name));
    if (others.length > 0) throw new FolderNotEmpty(dataDir);
    const { findings, rows } = await verifyStores(backup, held.stores, onProgress);
    if (findings.length > 0) throw new DataFolderDamaged(backup, findings);
    const unlock = await lockDataFolder(dataDir);
    try {
      return {
        rows,
        bytes: await copyData({ from: backup, stores: held.stores, to: dataDir, pace: 'fast', onProgress }),
      };
    } finally {
      unlock();
    }
  } finally {
    held.release();
  }
}
