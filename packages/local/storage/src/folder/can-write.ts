import { randomFillSync } from 'node:crypto';
import { mkdir, open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { logNumberOf } from '../files/names.ts';
import { spaceCheckName } from './left-overs.ts';

const mb = 2 ** 20;
/** Files that LevelDB opens at once when it opens a folder, and some more. */
const descriptors = 16;

/**
 * Whether the disk and the process have what LevelDB needs to open the folder: space for a table with all that is in the
 * logs, and open files. Writes files of that size and deletes them.
 */
export async function canWrite(folder: string): Promise<boolean> {
  const probe = join(folder, spaceCheckName);
  const files: Awaited<ReturnType<typeof open>>[] = [];
  try {
    const bytes = (await sizeOfLogs(folder)) + 2 * mb;
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < bytes) return false;
    await mkdir(probe, { recursive: true });
    // Bytes that a compressing file system cannot make smaller.
    const chunk = randomFillSync(Buffer.allocUnsafe(mb));
    while (files.length < Math.max(descriptors, bytes / mb)) {
      const file = await open(join(probe, String(files.length)), 'w');
      files.push(file);
      if (files.length * mb <= bytes) await file.write(chunk);
    }
    await files[0]?.sync();
    return true;
  } catch {
    // The answer is in the error: the disk is full or broken, or no descriptor is left.
    return false;
  } finally {
    await Promise.all(files.map((file) => file.close()));
    // Without a descriptor it stays. The next check or the next start deletes it.
    await rm(probe, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function sizeOfLogs(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((file) => logNumberOf(file) !== undefined);
  const sizes = await Promise.all(names.map(async (file) => (await stat(join(folder, file))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
