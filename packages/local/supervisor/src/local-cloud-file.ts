import { readFile } from 'node:fs/promises';
import type { DataFolder } from './data-folder.ts';
import { replaceFile } from './data-folder.ts';

/** Whom the parts take each other for. The local ones accept any keys; a store elsewhere needs the caller's own. */
export interface Account {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The account of the environment when the store is not ours, else dummy keys. */
export function accountFor(store: string, environment: NodeJS.ProcessEnv): Account {
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } =
    store === 'local' || store === 'embedded' ? {} : environment;
  return {
    region: AWS_REGION || 'us-east-1',
    accessKeyId: AWS_ACCESS_KEY_ID || 'local',
    secretAccessKey: AWS_SECRET_ACCESS_KEY || 'local',
  };
}

/** Where a local system's parts are, for any program on the machine: what `local-cloud.json` says. */
export interface LocalCloud extends Account {
  readonly url: string;
  readonly stage: string;
  readonly dynamodb: string;
  readonly sqs: string;
  readonly s3: string;
  /** Process id of the supervisor and of each part that runs as a process. */
  readonly processes: Readonly<Record<string, number>>;
}

export const writeLocalCloud = ({ cloudFile }: DataFolder, cloud: LocalCloud): Promise<void> =>
  replaceFile(cloudFile, `${JSON.stringify(cloud, null, 2)}\n`);

/** What the last system of a folder wrote; nothing if there was none, or it was killed while it wrote the first time. */
export async function readLocalCloud({ cloudFile }: Pick<DataFolder, 'cloudFile'>): Promise<LocalCloud | undefined> {
  try {
    // Written by `writeLocalCloud` only.
    return JSON.parse(await readFile(cloudFile, 'utf8')) as LocalCloud;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
