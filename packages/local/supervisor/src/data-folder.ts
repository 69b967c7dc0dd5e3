import { createHash } from 'node:crypto';
import { access, constants, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureSecretFile } from '@posthorn/secrets/local-files';
import { signToken } from '@posthorn/secrets/tokens';
import { bringToPresentFormat, type FormatOptions } from './migrations/present-format.ts';
import { localOrganisationId } from './organisation.ts';
import { replaceFile } from './replace-file.ts';

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
}

export const dataFolderAt = (path: string): DataFolder => ({
  path,
  tokenFile: join(path, 'token'),
  jwtSecretFile: join(path, 'jwt-secret'),
  masterKeyFile: join(path, 'master-key'),
  accessKeyFile: join(path, 'access-key'),
  cloudFile: join(path, 'local-cloud.json'),
});

/**
 * Returns the folder of everything that is stored: tables, queues and checkpoints, or queues and checkpoints beside
 * another DynamoDB. Each store has its own folder, so switching to another store and back loses nothing.
 */
export const storeFolder = ({ path }: DataFolder, store: string): string =>
  store === 'embedded' ? join(path, 'store') : join(path, `remote-${shortHash(store)}`, 'store');

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

export interface PrepareOptions extends Pick<FormatOptions, 'queuesElsewhere' | 'report' | 'beforeChange'> {
  readonly now: Date;
}

/**
 * Creates the folder and its secrets unless they exist, and writes a new token for the local organisation. Data of an
 * earlier format is migrated.
 */
export async function prepareDataFolder(path: string, { now, ...options }: PrepareOptions): Promise<DataFolder> {
  const folder = dataFolderAt(path);
  await makeFolder(path);
  await bringToPresentFormat(path, { ...options, now: () => now.getTime() });
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
