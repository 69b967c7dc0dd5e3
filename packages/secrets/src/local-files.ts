import { randomBytes } from 'node:crypto';
import { link, rm, writeFile } from 'node:fs/promises';

/**
 * Creates a file with a random secret (base64) that only this user can read, unless it exists. If two processes create
 * it at once, one of them wins. No process ever reads a half-written file.
 */
export async function ensureSecretFile(path: string, bytes: number): Promise<void> {
  const next = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(next, randomBytes(bytes).toString('base64'), { mode: 0o600, flag: 'wx', flush: true });
  try {
    await link(next, path);
  } catch (error) {
    // EEXIST: another process has created the file.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(next);
  }
}
