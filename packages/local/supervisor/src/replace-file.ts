import { rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '@posthorn/local-storage/sync-folder';

/** Replaces a file in one step: a reader sees the old text or the new text. Only this user can read the file. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const next = `${path}.next`;
  await writeFile(next, text, { mode: 0o600, flush: true });
  await rename(next, path);
  await syncFolder(dirname(path));
}
