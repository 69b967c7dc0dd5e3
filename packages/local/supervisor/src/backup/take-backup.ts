import { relative } from 'node:path';
import { DataFolderDamaged, type Progress, requireEmpty, verify } from '@posthorn/local-storage';
import { copyData } from './copy-data.ts';
import { holdFolder } from './used-folder.ts';

export interface TakenBackup {
  readonly bytes: number;
  /** How long a running system stopped its commits, in milliseconds. */
  readonly pauseMs?: number;
}

/**
 * Copies everything in a data folder into a new or empty folder, whether a Posthorn uses it or not.
 *
 * @throws FolderNotEmpty, DataFolderDamaged, or what `holdFolder` throws. Nothing is left of the backup then.
 */
export async function takeBackup(dataDir: string, target: string, onProgress: Progress): Promise<TakenBackup> {
  const held = await holdFolder(dataDir);
  try {
    for (const { name, folder } of held.stores) {
      if (isInside(target, folder) || isInside(target, `${dataDir}/${name}`))
        throw new Error(`${target} is inside of the data. Choose another folder`);
    }
    await requireEmpty(target);
    // A start checks a folder, so what runs is whole. A stopped one may not be.
    if (held.pauseMs === undefined) for (const { folder } of held.stores) await requireWhole(folder, onProgress);
    const pace = held.pauseMs === undefined ? 'fast' : 'gentle';
    const bytes = await copyData({ from: dataDir, stores: held.stores, to: target, pace, onProgress });
    return { bytes, ...(held.pauseMs !== undefined && { pauseMs: held.pauseMs }) };
  } catch (error) {
    if (!held.isGone()) throw error;
    throw new Error('Posthorn ended during the backup, and nothing of it was kept. Run the command again', {
      cause: error,
    });
  } finally {
    held.release();
  }
}

async function requireWhole(folder: string, onProgress: Progress): Promise<void> {
  const { findings } = await verify(folder, { onProgress });
  if (findings.length > 0) throw new DataFolderDamaged(folder, findings);
}

const isInside = (path: string, folder: string): boolean => !relative(folder, path).startsWith('..');
