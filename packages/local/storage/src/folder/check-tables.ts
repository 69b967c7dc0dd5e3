import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../errors.ts';
import type { TableEntry } from '../files/manifest.ts';
import { tableName } from '../files/names.ts';
import { checkTable } from '../files/table.ts';
import { tableFile } from './read-folder.ts';

/** A check of a folder with fewer bytes in tables takes about 0.1 s, so all of it is read at the start. */
const smallFolderBytes = 64 * 2 ** 20;

/** Whether all of a folder's tables are read before it is opened. Of a large folder, only the ends of the tables are. */
export const isSmall = (tables: ReadonlyMap<number, TableEntry>): boolean =>
  [...tables.values()].reduce((sum, { bytes }) => sum + bytes, 0) < smallFolderBytes;

/**
 * Checks the checksums of tables.
 *
 * @param pause - waits between two tables; if it returns true, the check ends
 */
export async function checkTables(
  folder: string,
  tables: ReadonlyMap<number, TableEntry>,
  depth: 'ends' | 'whole',
  pause: () => Promise<boolean> = () => Promise.resolve(false),
): Promise<Finding[]> {
  const names = new Set(await readdir(folder));
  const findings: Finding[] = [];
  for (const { number } of tables.values()) {
    const file = tableFile(names, number);
    const problem = file === undefined ? 'is missing' : await checkTable(join(folder, file), depth);
    if (problem !== undefined) findings.push({ file: file ?? tableName(number), problem });
    if (await pause()) break;
  }
  return findings;
}
