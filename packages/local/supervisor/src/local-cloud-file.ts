import { readFile } from 'node:fs/promises';
import type { CloudDescription } from '@posthorn/local-cloud/join/description';
import type { DataFolder } from './data-folder.ts';
import { replaceFile } from './replace-file.ts';

/** The AWS region and key of all parts. A remote store may need a real key. */
export interface Account {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const ownKeyId = 'posthorn';

/** Returns the account of the environment for a remote store that has one, else the folder's own key. */
export async function accountFor(
  store: string,
  { accessKeyFile }: Pick<DataFolder, 'accessKeyFile'>,
  environment: NodeJS.ProcessEnv,
): Promise<Account> {
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } =
    store === 'local' || store === 'embedded' ? {} : environment;
  const region = AWS_REGION || 'us-east-1';
  if (AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY)
    return { region, accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  return { region, accessKeyId: ownKeyId, secretAccessKey: await readFile(accessKeyFile, 'utf8') };
}

/** The content of `local-cloud.json`. It tells other programs on the machine where the parts of the system are. */
export interface LocalCloud extends CloudDescription {
  readonly url: string;
  /** Where the commands for a running system are served, such as `run backup`. */
  readonly control: string;
  /** Where the metrics are, under `/metrics`, if they are served. */
  readonly metrics?: string;
  /** Process ids of the supervisor and of each part with its own process. */
  readonly processes: Readonly<Record<string, number>>;
}

export const writeLocalCloud = ({ cloudFile }: Pick<DataFolder, 'cloudFile'>, cloud: LocalCloud): Promise<void> =>
  replaceFile(cloudFile, `${JSON.stringify(cloud, null, 2)}\n`);

/** Returns what the last system of the folder wrote, or nothing if there is no file. */
export async function readLocalCloud({ cloudFile }: Pick<DataFolder, 'cloudFile'>): Promise<LocalCloud | undefined> {
  try {
    // Only `writeLocalCloud` writes this file.
    return JSON.parse(await readFile(cloudFile, 'utf8')) as LocalCloud;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
