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

/**
 * Bytes of a table file: LevelDB's default. Larger ones take more memory while they are open, and a merge of them includes
 * more rows that need none.
 */
const maxFileSize = 2 * 2 ** 20;

/**
 * Bytes of rows that are packed together. Four times LevelDB's default: rows that are alike pack better, so a table has a
 * third fewer bytes to write and to merge.
 */
const blockSize = 16 * 2 ** 10;

/**
 * The fewest that LevelDB takes: it keeps 64 tables open. Open tables are mapped, and what was read of them counts as
 * memory of the process.
 */
const maxOpenFiles = 74;

/** What LevelDB writes into its own log when it leaves out a part that it cannot read. */
const dropped = /Ignoring error|ignoring error|dropping \d+ bytes|Corruption/;

/** @throws FolderInUse, DataFolderDamaged, FolderNotOpened */
export async function openLevel(folder: string): Promise<Level> {
  const level: Level = new ClassicLevel<string, string>(folder, {
    writeBufferSize,
    maxFileSize,
    blockSize,
    maxOpenFiles,
  });
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
