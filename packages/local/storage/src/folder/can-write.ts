import { randomFillSync } from 'node:crypto';
import { open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { logNumberOf } from '../files/names.ts';

const name = '.space-check';
const mb = 2 ** 20;
/** Files that LevelDB opens at once when it opens a folder, and some more. */
const descriptors = 16;

/**
 * Whether the disk and the process have what LevelDB needs to open the folder: space for a table with all that is in the
 * logs, and open files. Writes a file of that size and deletes it.
 */
export async function canWrite(folder: string): Promise<boolean> {
  const path = join(folder, name);
  const files: Awaited<ReturnType<typeof open>>[] = [];
  try {
    const bytes = (await sizeOfLogs(folder)) + 2 * mb;
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < bytes) return false;
    const file = await open(path, 'w');
    files.push(file);
    // Bytes that a compressing file system cannot make smaller.
    const chunk = randomFillSync(Buffer.allocUnsafe(mb));
    for (let written = 0; written < bytes; written += mb) await file.write(chunk);
    await file.sync();
    for (let more = 1; more < descriptors; more += 1) files.push(await open(path, 'r'));
    return true;
  } catch {
    // The answer is in the error: the disk is full or broken, or no descriptor is left.
    return false;
  } finally {
    await Promise.all(files.map((file) => file.close()));
    await rm(path, { force: true });
  }
}

async function sizeOfLogs(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((file) => logNumberOf(file) !== undefined);
  const sizes = await Promise.all(names.map(async (file) => (await stat(join(folder, file))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
