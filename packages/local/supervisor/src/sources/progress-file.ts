import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceFile } from '../replace-file.ts';
import type { Progress } from './backfill.ts';

/** Reads how far an unfinished backfill is, if there is one. */
export async function readProgress(file: string): Promise<Progress | undefined> {
  try {
    // Only `writeProgress` writes this file.
    return JSON.parse(await readFile(file, 'utf8')) as Progress;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function writeProgress(file: string, progress: Progress): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await replaceFile(file, JSON.stringify(progress));
}

export const removeProgress = (file: string): Promise<void> => rm(file, { force: true });
