import { readFile } from 'node:fs/promises';
import type { CloudDescription } from '@posthorn/local-cloud/join/description';
import type { DataFolder } from './data-folder.ts';
import { replaceFile } from './replace-file.ts';

/** An access key as AWS clients take it. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The AWS region and keys of a local system. */
export interface Keys {
  readonly region: string;
  /** The key of the system's own processes. A remote store may need a real one. */
  readonly system: Credentials;
  /** The key of the user's programs. Only the tables of the folder tell it from the system's. */
  readonly program?: Credentials;
}

/** Ids of letters alone, as DynamoDB Local requires. */
const keyIds = { system: 'posthorn', program: 'program' };

/** Returns the key of the environment for a remote store that has one, else the folder's own keys. */
export async function keysFor(
  store: string,
  { accessKeyFile, programKeyFile }: Pick<DataFolder, 'accessKeyFile' | 'programKeyFile'>,
  environment: NodeJS.ProcessEnv,
): Promise<Keys> {
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } =
    store === 'local' || store === 'embedded' ? {} : environment;
  const region = AWS_REGION || 'us-east-1';
  if (AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY)
    return { region, system: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY } };
  const system = { accessKeyId: keyIds.system, secretAccessKey: await readFile(accessKeyFile, 'utf8') };
  if (store !== 'embedded') return { region, system };
  const program = { accessKeyId: keyIds.program, secretAccessKey: await readFile(programKeyFile, 'utf8') };
  return { region, system, program };
}

/** The content of `local-cloud.json`. It tells other programs on the machine where the parts of the system are. */
export interface LocalCloud extends CloudDescription {
  /** The key of the system's own processes, and of the operator. The other one is for programs of the user. */
  readonly system: Credentials;
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
