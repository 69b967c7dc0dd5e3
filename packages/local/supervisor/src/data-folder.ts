import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { access, constants, mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SecretDiffers } from '@posthorn/local-storage';
import { ensureSecretFile } from '@posthorn/secrets/local-files';
import { createTokenVerifier, signToken } from '@posthorn/secrets/tokens';
import { bringToPresentFormat, type FormatOptions, isData } from './migrations/present-format.ts';
import { localOrganisationId } from './organisation.ts';
import { replaceFile } from './replace-file.ts';
import { readStores } from './stores-of-folder.ts';

const secretBytes = 32;
const yearMs = 365 * 24 * 60 * 60 * 1000;
const tenYearsMs = 10 * yearMs;

/** The files that a local system keeps in its data folder. They are for this machine only. */
export interface DataFolder {
  readonly path: string;
  readonly tokenFile: string;
  /** What is known of the tokens that `run token` has printed. */
  readonly issuedTokensFile: string;
  readonly jwtSecretFile: string;
  readonly masterKeyFile: string;
  /** The secret of the key that the system itself signs requests to the local tables and queues with. */
  readonly accessKeyFile: string;
  /** The token that a scraper of the metrics needs. It exists once metrics were served. */
  readonly metricsTokenFile: string;
  /** The secret of the key of the user's programs. It does not open the system's tables. */
  readonly programKeyFile: string;
  readonly cloudFile: string;
}

export const dataFolderAt = (path: string): DataFolder => ({
  path,
  tokenFile: join(path, 'token'),
  issuedTokensFile: join(path, 'issued-tokens'),
  jwtSecretFile: join(path, 'jwt-secret'),
  masterKeyFile: join(path, 'master-key'),
  accessKeyFile: join(path, 'access-key'),
  metricsTokenFile: join(path, 'metrics-token'),
  programKeyFile: join(path, 'program-key'),
  cloudFile: join(path, 'local-cloud.json'),
});

/**
 * Returns the folder of everything that is stored, relative to the data folder: tables, queues and checkpoints, or queues
 * and checkpoints beside another DynamoDB. Each store has its own folder, so switching to another store and back loses
 * nothing. DynamoDB Local has none.
 */
export function storeOf(store: string): string | undefined {
  if (store === 'local') return undefined;
  return store === 'embedded' ? 'store' : join(`remote-${shortHash(store)}`, 'store');
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

export type PrepareOptions = Pick<FormatOptions, 'queuesElsewhere' | 'report' | 'now' | 'beforeChange'>;

/**
 * Creates the folder and its secrets if it is new. Data of an earlier format is migrated.
 *
 * @throws SecretDiffers if there is data, but a secret is missing: a new one cannot open what is sealed in the data
 * @throws MigrationRefused, or an error about the format. Nothing was changed then.
 */
export async function prepareDataFolder(path: string, options: PrepareOptions): Promise<DataFolder> {
  const folder = dataFolderAt(path);
  await makeFolder(path);
  await requireSecrets(folder);
  await bringToPresentFormat(path, options);
  for (const file of [...sealing(folder), folder.accessKeyFile, folder.programKeyFile])
    if (!existsSync(file)) await ensureSecretFile(file, secretBytes);
  return folder;
}

/** The secrets without which the data is useless. */
const sealing = ({ jwtSecretFile, masterKeyFile }: DataFolder): readonly string[] => [masterKeyFile, jwtSecretFile];

async function requireSecrets(folder: DataFolder): Promise<void> {
  const names = await readdir(folder.path);
  if (!names.some(isData) && (!names.includes('format') || (await readStores(folder.path)).length === 0)) return;
  for (const file of sealing(folder)) if (!names.includes(basename(file))) throw new SecretDiffers(file, 'is missing');
}

/** Writes a token for the local organisation, unless there is one that stays valid for a year. */
export async function writeToken(folder: DataFolder, now: Date): Promise<void> {
  const { jwtSecretFile, tokenFile } = folder;
  if (await hasToken(folder, new Date(now.getTime() + yearMs))) return;
  const token = await signToken({
    secret: await readFile(jwtSecretFile, 'utf8'),
    organisationId: localOrganisationId,
    issuedAt: now,
    expiresAt: new Date(now.getTime() + tenYearsMs),
  });
  await replaceFile(tokenFile, token);
}

async function hasToken({ jwtSecretFile, tokenFile }: DataFolder, until: Date): Promise<boolean> {
  const token = await readFile(tokenFile, 'utf8').catch(() => '');
  // A token that cannot be read or verified is replaced.
  const caller = await createTokenVerifier({ jwtSecretFile })(token, until).catch(() => undefined);
  return caller?.kind === 'organisation' && caller.organisationId === localOrganisationId;
}

/**
 * Creates the folder if it is missing, for its owner only: payloads are stored in it as they are.
 *
 * @throws if the path is a file or the folder is not writable
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.W_OK);
  } catch (error) {
    throw new Error(`POSTHORN_DATA_DIR: ${path} is not a writable folder.`, { cause: error });
  }
}
