import { createHash } from 'node:crypto';
import { access, constants, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureSecretFile } from '@posthorn/secrets/local-files';
import { signToken } from '@posthorn/secrets/tokens';
import { localOrganisationId } from './organisation.ts';

const secretBytes = 32;
const tenYearsMs = 10 * 365 * 24 * 60 * 60 * 1000;

/** The files that a local system keeps in its data folder. They are for this machine only. */
export interface DataFolder {
  readonly path: string;
  readonly tokenFile: string;
  readonly jwtSecretFile: string;
  readonly masterKeyFile: string;
  /** The secret of the key that programs sign requests to the local tables and queues with. */
  readonly accessKeyFile: string;
  readonly cloudFile: string;
  readonly formatFile: string;
}

export const dataFolderAt = (path: string): DataFolder => ({
  path,
  tokenFile: join(path, 'token'),
  jwtSecretFile: join(path, 'jwt-secret'),
  masterKeyFile: join(path, 'master-key'),
  accessKeyFile: join(path, 'access-key'),
  cloudFile: join(path, 'local-cloud.json'),
  formatFile: join(path, 'format'),
});

/**
 * Returns the folder of everything that is stored: tables, queues and checkpoints, or queues and checkpoints beside
 * another DynamoDB. Each store has its own folder, so switching to another store and back loses nothing.
 */
export const storeFolder = ({ path }: DataFolder, store: string): string =>
  store === 'embedded' ? join(path, 'store') : join(path, `remote-${shortHash(store)}`, 'store');

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** Creates the folder and its secrets unless they exist, and writes a new token for the local organisation. */
export async function prepareDataFolder(path: string, now: Date): Promise<DataFolder> {
  const folder = dataFolderAt(path);
  await makeFolder(path);
  await requireFormat(folder);
  await ensureSecretFile(folder.jwtSecretFile, secretBytes);
  await ensureSecretFile(folder.masterKeyFile, secretBytes);
  await ensureSecretFile(folder.accessKeyFile, secretBytes);
  const token = await signToken({
    secret: await readFile(folder.jwtSecretFile, 'utf8'),
    organisationId: localOrganisationId,
    issuedAt: now,
    expiresAt: new Date(now.getTime() + tenYearsMs),
  });
  await replaceFile(folder.tokenFile, token);
  return folder;
}

/** @throws if the path is a file or the folder is not writable */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
  } catch (error) {
    throw new Error(`POSTHORN_DATA_DIR: ${path} is not a writable folder.`, { cause: error });
  }
}

/** Format of the tables, queues and checkpoints in the folder. It changes when older data can no longer be read. */
const format = '2';

async function requireFormat({ path, formatFile }: DataFolder): Promise<void> {
  const found = await readFile(formatFile, 'utf8').catch(() => undefined);
  if (found === undefined) return replaceFile(formatFile, `${format}\n`);
  if (found.trim() === format) return;
  throw new Error(
    `The data in ${path} has format ${found.trim().slice(0, 20)}, but this version of Posthorn reads format ${format}. ` +
      'Nothing was changed. Run the version that wrote it, or set POSTHORN_DATA_DIR to another folder',
  );
}

/** Replaces a file in one step: a reader sees the old text or the new text. Only this user can read the file. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const next = `${path}.next`;
  await writeFile(next, text, { mode: 0o600, flush: true });
  await rename(next, path);
}
