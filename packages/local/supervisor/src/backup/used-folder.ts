import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { DataFolderTaken, lockDataFolder } from '../data-folder-lock.ts';
import { presentFormat } from '../migrations/present-format.ts';
import { readStores } from '../stores-of-folder.ts';
import { takeRunningSnapshot } from './running-system.ts';

/** A store of a data folder, or of a backup. */
export interface Store {
  /** Relative to the data folder. */
  readonly name: string;
  /** Files that nobody changes: those of a stopped store, or a snapshot of a running one. */
  readonly folder: string;
}

/** All stores of a data folder, which nobody changes until `release`. */
export interface HeldFolder {
  readonly stores: readonly Store[];
  /** How long a running system stopped its commits, in milliseconds. */
  readonly pauseMs?: number;
  readonly release: () => void;
  /** Whether the stores cannot be read any more. */
  readonly isGone: () => boolean;
}

/**
 * Holds a data folder or a backup for reading, whether a Posthorn uses it or not. Nothing in it is changed.
 *
 * @throws if the folder has no data or another format, or the Posthorn that uses it does not answer
 */
export async function holdFolder(path: string): Promise<HeldFolder> {
  await requirePresentFormat(path);
  const names = await readStores(path);
  if (names.length === 0)
    throw new Error(
      `${path} has no stored data. POSTHORN_DYNAMODB=local keeps everything in memory. Otherwise, start Posthorn with it once`,
    );
  const stores = names.map((name) => ({ name, folder: join(path, name) }));
  const unlock = await lockUnlessTaken(path);
  if (unlock) return { stores, release: unlock, isGone: () => false };
  const snapshot = await takeRunningSnapshot(path);
  const name = relative(path, snapshot.store);
  return {
    // The running system uses only one of them.
    stores: [...stores.filter((store) => store.name !== name), { name, folder: snapshot.folder }],
    pauseMs: snapshot.pauseMs,
    release: snapshot.release,
    isGone: snapshot.isGone,
  };
}

async function requirePresentFormat(path: string): Promise<void> {
  const text = await readFile(join(path, 'format'), 'utf8').catch(() => undefined);
  if (text === undefined) throw new Error(`${path} is no data folder and no whole backup: it has no file "format"`);
  const [format = ''] = text.split('\n');
  if (format === presentFormat) return;
  throw new Error(
    `${path} has format ${format.slice(0, 20)}, and this version of Posthorn reads format ${presentFormat}. A start ` +
      'migrates data of an earlier version, also a copy of a backup',
  );
}

/** @returns nothing if a Posthorn uses the folder */
async function lockUnlessTaken(path: string): Promise<(() => void) | undefined> {
  // A folder that was never started, such as a backup, has no lock. It must not get one.
  if (!existsSync(join(path, 'lock'))) return () => undefined;
  try {
    return await lockDataFolder(path);
  } catch (error) {
    if (error instanceof DataFolderTaken) return undefined;
    throw error;
  }
}
