import { createHash } from 'node:crypto';
import { access, constants, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureSecretFile } from '@posthorn/secrets/local-files';
import { signToken } from '@posthorn/secrets/tokens';
import { localOrganisationId } from './organisation.ts';

const secretBytes = 32;
const tenYearsMs = 10 * 365 * 24 * 60 * 60 * 1000;

/** What a local system keeps in its data folder. All of it is for this machine only. */
export interface DataFolder {
  readonly path: string;
  readonly tokenFile: string;
  readonly jwtSecretFile: string;
  readonly masterKeyFile: string;
  readonly cloudFile: string;
  readonly formatFile: string;
}

/** What belongs together in a data folder: a store's tables, the queues that its rows led to, and how far its streams are read. */
export interface StoreFolder {
  readonly dynamodb: string;
  readonly sqs: string;
  readonly checkpoints: string;
}

export const dataFolderAt = (path: string): DataFolder => ({
  path,
  tokenFile: join(path, 'token'),
  jwtSecretFile: join(path, 'jwt-secret'),
  masterKeyFile: join(path, 'master-key'),
  cloudFile: join(path, 'local-cloud.json'),
  formatFile: join(path, 'format'),
});

/**
 * Where the state is that belongs to a store. Each has a folder of its own, so that one who tries another store in between
 * finds everything of the first one as it was.
 */
export function storeFolder({ path }: DataFolder, store: string): StoreFolder {
  const own = store === 'embedded' ? path : join(path, store === 'local' ? 'in-memory' : `remote-${shortHash(store)}`);
  return { dynamodb: join(own, 'dynamodb'), sqs: join(own, 'sqs'), checkpoints: join(own, 'checkpoints') };
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** Makes the folder, the two secrets and the local organisation's token; what is there already is kept. */
export async function prepareDataFolder(path: string, now: Date): Promise<DataFolder> {
  const folder = dataFolderAt(path);
  await makeFolder(path);
  await requireFormat(folder);
  await ensureSecretFile(folder.jwtSecretFile, secretBytes);
  await ensureSecretFile(folder.masterKeyFile, secretBytes);
  const token = await signToken({
    secret: await readFile(folder.jwtSecretFile, 'utf8'),
    organisationId: localOrganisationId,
    issuedAt: now,
    expiresAt: new Date(now.getTime() + tenYearsMs),
  });
  await replaceFile(folder.tokenFile, token);
  return folder;
}

/** @throws when the path is a file, or the folder is somebody else's */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
  } catch (error) {
    throw new Error(`POSTHORN_DATA_DIR: ${path} is no folder that can be written to.`, { cause: error });
  }
}

/** How tables, queues and checkpoints lie in the folder. It changes when what an older version kept cannot be read on. */
const format = '1';

async function requireFormat({ path, formatFile }: DataFolder): Promise<void> {
  const found = await readFile(formatFile, 'utf8').catch(() => undefined);
  if (found === undefined) return replaceFile(formatFile, `${format}\n`);
  if (found.trim() === format) return;
  throw new Error(
    `What is in ${path} has the format ${found.trim().slice(0, 20)}; this version of Posthorn reads ${format}. ` +
      'Nothing was changed. Run the version that wrote it, or choose another folder: POSTHORN_DATA_DIR',
  );
}

/** Writes a file that only this user can read, at once: a reader sees the old text or the new one. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const next = `${path}.next`;
  await writeFile(next, text, { mode: 0o600, flush: true });
  await rename(next, path);
}
