import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import dynamoose from 'dynamoose';
import { Svix } from 'svix';

const repository = join(import.meta.dirname, '../../..');

/** An error that the user of the program can fix. */
export class NotConnected extends Error {
  constructor(problem: string, options?: ErrorOptions) {
    super(`${problem}. Start Posthorn first: npx pnpm@12 start`, options);
    this.name = 'NotConnected';
  }
}

/** What a running Posthorn writes into its data folder, as far as this program reads it. */
interface LocalCloud {
  readonly url: string;
  readonly region: string;
  /** The endpoint of DynamoDB. */
  readonly dynamodb: string;
  /** A key for programs: it opens their own tables, and may put rows into the outbox. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Connects Dynamoose to the DynamoDB of the Posthorn on this machine, and returns a client of its API. Deployed, neither
 * endpoint nor key would be given: the program's role has the rights.
 *
 * @throws NotConnected when no Posthorn runs with the data folder (`POSTHORN_DATA_DIR`, default: `.posthorn`)
 */
export async function connect(environment: NodeJS.ProcessEnv): Promise<Svix> {
  const folder = resolve(repository, environment.POSTHORN_DATA_DIR || '.posthorn');
  const [cloud, token] = await Promise.all([readCloud(folder), read(folder, 'token')]);
  const { url, region, dynamodb: endpoint, accessKeyId, secretAccessKey } = cloud;
  const credentials = { accessKeyId, secretAccessKey };
  dynamoose.aws.ddb.set(new dynamoose.aws.ddb.DynamoDB({ region, endpoint, credentials }));
  const svix = new Svix(token.trim(), { serverUrl: url });
  try {
    await svix.health.get();
  } catch (cause) {
    throw new NotConnected(`No Posthorn answers at ${url}`, { cause });
  }
  return svix;
}

// Only Posthorn writes this file.
const readCloud = async (folder: string): Promise<LocalCloud> => JSON.parse(await read(folder, 'local-cloud.json'));

async function read(folder: string, file: string): Promise<string> {
  try {
    return await readFile(join(folder, file), 'utf8');
  } catch (cause) {
    throw new NotConnected(`There is no ${file} in ${folder}: Posthorn has not run on this machine yet`, { cause });
  }
}
