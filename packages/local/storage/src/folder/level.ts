import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { DataFolderDamaged, FolderInUse, FolderNotOpened } from '../errors.ts';
import { isLockError } from './lock.ts';

export type Level = ClassicLevel<string, string>;

/**
 * Bytes of changes in memory (and in the log) before they are written to a table. Four times LevelDB's default: a message
 * takes a third less CPU in the store, because fewer tables are merged. Reopening after a kill takes 0.2 s at most.
 */
const writeBufferSize = 16 * 2 ** 20;

/** Bytes of a table file. With LevelDB's default of 2 MB, a fifth more CPU goes into merging many small tables. */
const maxFileSize = 16 * 2 ** 20;

/** What LevelDB writes into its own log when it leaves out a part that it cannot read. */
const dropped = /Ignoring error|ignoring error|dropping \d+ bytes|Corruption/;

/** @throws FolderInUse, DataFolderDamaged, FolderNotOpened */
export async function openLevel(folder: string): Promise<Level> {
  const level: Level = new ClassicLevel<string, string>(folder, { writeBufferSize, maxFileSize });
  try {
    await level.open();
  } catch (error) {
    if (isLockError(error)) throw new FolderInUse(folder, { cause: error });
    throw new FolderNotOpened(folder, error);
  }
  const lines = (await readFile(join(folder, 'LOG'), 'utf8')).split('\n').filter((line) => dropped.test(line));
  if (lines.length === 0) return level;
  await level.close();
  throw new DataFolderDamaged(
    folder,
    lines.map((problem) => ({ file: 'LOG', problem: `says "${problem}"` })),
  );
}
