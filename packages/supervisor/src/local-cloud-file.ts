import type { DataFolder } from './data-folder.ts';
import { replaceFile } from './data-folder.ts';

/** The names of the local cloud's account: any keys are accepted there. */
export const localAccount = { region: 'us-east-1', accessKeyId: 'local', secretAccessKey: 'local' } as const;

/** Where a local system's parts are, for any program on the machine: what `local-cloud.json` says. */
export interface LocalCloud {
  readonly url: string;
  readonly stage: string;
  readonly dynamodb: string;
  readonly sqs: string;
  readonly s3: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Process id of the supervisor and of each part that runs as a process. */
  readonly processes: Readonly<Record<string, number>>;
}

export const writeLocalCloud = ({ cloudFile }: DataFolder, cloud: LocalCloud): Promise<void> =>
  replaceFile(cloudFile, `${JSON.stringify(cloud, null, 2)}\n`);
