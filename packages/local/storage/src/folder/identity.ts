import { createHash, randomUUID } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { SecretChecks } from './secret-checks.ts';
import { syncFolder } from './sync-folder.ts';

export const identityName = 'IDENTITY';

/** Says that a folder is complete since its first start, which witness belongs to it, and which secrets. */
export interface Identity {
  readonly id: string;
  readonly secretChecks: SecretChecks;
}

export const createIdentity = (id: string = randomUUID()): Identity => ({ id, secretChecks: {} });

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

/** Of the check values too, so that a flipped bit does not look like another secret. */
function toText({ id, secretChecks }: Identity): string {
  const checksum = createHash('sha256')
    .update(JSON.stringify([id, secretChecks]))
    .digest('hex')
    .slice(0, 16);
  const checks = Object.keys(secretChecks).length > 0 && { secretChecks, checksum };
  return `${JSON.stringify({ format: 1, id, ...checks })}\n`;
}

function parse(text: string): Identity | undefined {
  try {
    const { id = '', secretChecks = {} } = JSON.parse(text) as Partial<Identity>; // Checked below.
    return toText({ id, secretChecks }) === text ? { id, secretChecks } : undefined;
  } catch {
    // Not JSON, so damaged.
    return undefined;
  }
}

/** Writes the identity in one step, and synced. It is the last file of a new folder. */
export async function writeIdentity(folder: string, identity: Identity): Promise<void> {
  const next = join(folder, `${identityName}.next`);
  const file = await open(next, 'w');
  await file.writeFile(toText(identity));
  await file.sync();
  await file.close();
  await rename(next, join(folder, identityName));
  await syncFolder(folder);
}
