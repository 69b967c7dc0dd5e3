import { randomUUID } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from './sync-folder.ts';

export const identityName = 'IDENTITY';

/** Says that a folder is complete since its first start, and which witness belongs to it. */
export interface Identity {
  readonly format: 1;
  readonly id: string;
}

export const createIdentity = (): Identity => ({ format: 1, id: randomUUID() });

/** @returns nothing if the folder has none (an older version wrote it, or none did); `damaged` if it cannot be read */
export async function readIdentity(folder: string): Promise<Identity | 'damaged' | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, identityName), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return parse(text) ?? 'damaged';
}

function parse(text: string): Identity | undefined {
  try {
    const { format, id } = JSON.parse(text) as { format?: unknown; id?: unknown }; // Checked below.
    return format === 1 && typeof id === 'string' && id.length === 36 ? { format, id } : undefined;
  } catch {
    // Not JSON, so damaged.
    return undefined;
  }
}

/** Writes the identity once. It is the last file of a new folder, and synced. */
export async function writeIdentity(folder: string, identity: Identity): Promise<void> {
  const file = await open(join(folder, identityName), 'w');
  await file.writeFile(`${JSON.stringify(identity)}\n`);
  await file.sync();
  await file.close();
  await syncFolder(folder);
}
