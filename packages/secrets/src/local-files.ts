import { randomBytes } from 'node:crypto';
import { link, rm, writeFile } from 'node:fs/promises';

/**
 * Makes a file with a random secret (base64) that only this user can read, unless it is there. Of two that make it at
 * once, one wins, and nobody ever reads half of it.
 */
export async function ensureSecretFile(path: string, bytes: number): Promise<void> {
  const next = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(next, randomBytes(bytes).toString('base64'), { mode: 0o600, flag: 'wx', flush: true });
  try {
    await link(next, path);
  } catch (error) {
    // EEXIST: it is there, which is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(next);
  }
}
