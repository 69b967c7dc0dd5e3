import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { logNumberOf } from '../files/names.ts';
import { syncFolder } from './sync-folder.ts';

/** Makes all written changes survive a crash of the machine. */
export async function syncLogs(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (logNumberOf(name) === undefined) continue;
    const file = await open(join(folder, name), 'r+');
    await file.datasync();
    await file.close();
  }
  await syncFolder(folder);
}
