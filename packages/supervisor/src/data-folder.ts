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
  readonly checkpoints: string;
}

export const dataFolderAt = (path: string): DataFolder => ({
  path,
  tokenFile: join(path, 'token'),
  jwtSecretFile: join(path, 'jwt-secret'),
  masterKeyFile: join(path, 'master-key'),
  cloudFile: join(path, 'local-cloud.json'),
  checkpoints: join(path, 'checkpoints'),
});

/** Makes the folder, the two secrets and the local organisation's token; what is there already is kept. */
export async function prepareDataFolder(path: string, now: Date): Promise<DataFolder> {
  const folder = dataFolderAt(path);
  await makeFolder(path);
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

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
  } catch (error) {
    throw new Error(`POSTHORN_DATA_DIR: ${path} is no folder that can be written to.`, { cause: error });
  }
}

/** Writes a file that only this user can read, at once: a reader sees the old text or the new one. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const next = `${path}.next`;
  await writeFile(next, text, { mode: 0o600 });
  await rename(next, path);
}
