import { existsSync } from 'node:fs';
import { mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { FolderInUse } from '../errors.ts';

/** Folders that this process has open. A lock on a file only keeps out other processes. */
const open = new Set<string>();

/**
 * Claims a folder within this process, and checks that no other process has it open. LevelDB takes its lock only when it
 * opens the folder, but a check of the files needs them unchanged.
 *
 * @returns a function that gives the folder back
 * @throws FolderInUse
 */
export async function claimFolder(folder: string): Promise<() => void> {
  const path = await realpath(folder);
  if (open.has(path)) throw new FolderInUse(folder);
  open.add(path);
  const release = () => open.delete(path);
  try {
    if (await isLocked(path)) throw new FolderInUse(folder);
  } catch (error) {
    release();
    throw error;
  }
  return release;
}

/** Asks LevelDB for the lock of the folder by a link to it in another folder, so that it touches nothing else. */
async function isLocked(folder: string): Promise<boolean> {
  // LevelDB creates the file when it opens a folder. A folder that it never opened must not get one.
  if (!existsSync(join(folder, 'LOCK'))) return false;
  const probe = await mkdtemp(join(tmpdir(), 'posthorn-lock-'));
  try {
    await symlink(resolve(folder, 'LOCK'), join(probe, 'LOCK'));
    await new ClassicLevel(probe, { createIfMissing: false }).open();
    return false;
  } catch (error) {
    // Without a lock, it finds that the other folder has no rows.
    return isLockError(error);
  } finally {
    await rm(probe, { recursive: true });
  }
}

export const isLockError = (error: unknown): boolean =>
  error instanceof Error && (error.cause as { code?: string } | undefined)?.code === 'LEVEL_LOCKED';
