import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { copyFolder, type Progress } from '@posthorn/local-storage';
import { replaceFile } from '../replace-file.ts';
import type { Store } from './used-folder.ts';

/** Secrets and tokens of a data folder, and what is known of issued tokens. Without the first two, the data is useless; a start creates the others anew. */
const secretNames = [
  'master-key',
  'jwt-secret',
  'access-key',
  'program-key',
  'token',
  'metrics-token',
  'issued-tokens',
];

export interface DataCopy {
  readonly from: string;
  readonly stores: readonly Store[];
  /** A folder without data. */
  readonly to: string;
  readonly pace: 'gentle' | 'fast';
  readonly onProgress: Progress;
}

/**
 * Copies everything that is needed to go on: secrets, stores, and the format. The format is last, so that a copy that was
 * interrupted is refused as incomplete. If the copy fails, nothing of it is left.
 *
 * @returns the count of bytes
 */
export async function copyData({ from, stores, to, pace, onProgress }: DataCopy): Promise<number> {
  try {
    for (const name of secretNames) await copySecret(join(from, name), join(to, name));
    let bytes = 0;
    for (const { name, folder } of stores) {
      await mkdir(dirname(join(to, name)), { recursive: true, mode: 0o700 });
      bytes += await copyFolder(folder, join(to, name), pace, onProgress);
    }
    const [format] = (await readFile(join(from, 'format'), 'utf8')).split('\n');
    await replaceFile(join(to, 'format'), `${[format, ...stores.map(({ name }) => name)].join('\n')}\n`);
    return bytes;
  } catch (error) {
    const parts = [...secretNames, ...stores.map(({ name }) => name.split('/')[0] ?? name)];
    for (const part of parts) await rm(join(to, part), { recursive: true, force: true });
    throw error;
  }
}

async function copySecret(from: string, to: string): Promise<void> {
  try {
    await replaceFile(to, await readFile(from, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
