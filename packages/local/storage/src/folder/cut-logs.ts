import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogCut } from './judge-folder.ts';
import { syncFolder } from './sync-folder.ts';

const setAsideName = 'set-aside';

/**
 * Takes the ends off logs. What may be acknowledged changes is copied into the folder `set-aside` before, with the byte at
 * which it began in its name. A stop in the middle changes nothing that the next call does not repeat.
 */
export async function cutLogs(folder: string, cuts: readonly LogCut[]): Promise<void> {
  // From the last log to the first, so that no log ever follows one that was cut.
  for (const { name, keepBytes, setAside } of cuts.toReversed()) {
    if (setAside) await copyEnd(folder, name, keepBytes);
    const file = await open(join(folder, name), 'r+');
    await file.truncate(keepBytes);
    await file.sync();
    await file.close();
  }
}

async function copyEnd(folder: string, name: string, from: number): Promise<void> {
  const end = (await readFile(join(folder, name))).subarray(from);
  if (end.length === 0) return;
  const aside = join(folder, setAsideName);
  await mkdir(aside, { recursive: true });
  const file = await open(join(aside, `${name}.from-${from}.${Date.now()}`), 'w');
  await file.writeFile(end);
  await file.sync();
  await file.close();
  await syncFolder(aside);
}
