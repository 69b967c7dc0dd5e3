import { readFile } from 'node:fs/promises';
import type { DataFolder } from './data-folder.ts';
import { replaceFile } from './data-folder.ts';

/** The AWS region and keys of all parts. Local stores accept any keys; a remote store needs real ones. */
export interface Account {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Returns the account of the environment for a remote store, else dummy keys. */
export function accountFor(store: string, environment: NodeJS.ProcessEnv): Account {
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } =
    store === 'local' || store === 'embedded' ? {} : environment;
  return {
    region: AWS_REGION || 'us-east-1',
    accessKeyId: AWS_ACCESS_KEY_ID || 'local',
    secretAccessKey: AWS_SECRET_ACCESS_KEY || 'local',
  };
}

/** The content of `local-cloud.json`. It tells other programs on the machine where the parts of the system are. */
export interface LocalCloud extends Account {
  readonly url: string;
  readonly stage: string;
  readonly dynamodb: string;
  readonly sqs: string;
  readonly s3: string;
  /** Process ids of the supervisor and of each part with its own process. */
  readonly processes: Readonly<Record<string, number>>;
}

export const writeLocalCloud = ({ cloudFile }: DataFolder, cloud: LocalCloud): Promise<void> =>
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
