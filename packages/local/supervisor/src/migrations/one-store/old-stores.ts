import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** The parts of one store in a folder of format 1. */
export interface OldStore {
  /** The tables of a remote store are elsewhere. */
  readonly kind: 'embedded' | 'remote';
  readonly folder: string;
  /** The folder of the tables, under its old name. */
  readonly tables: Tables | undefined;
  /** The folder of everything in the new format, if it exists. */
  readonly storage: Tables | undefined;
  /** The database of the queues. */
  readonly queues: { readonly file: string; readonly bytes: number } | undefined;
  readonly checkpoints: readonly OldCheckpoint[];
  /** The key that sealed the secrets in the tables. It is one for all stores. */
  readonly hasMasterKey: boolean;
}

interface Tables {
  readonly folder: string;
  /** LevelDB has written its first files. */
  readonly hasRows: boolean;
}

export interface OldCheckpoint {
  /** The function and the table. */
  readonly name: string;
  /** Nothing if the crash of a machine left half of the file. Its stream is then read from the beginning. */
  readonly text: string | undefined;
}

/** The tables of this store were in memory. */
export const inMemoryFolder = 'in-memory';

/** Finds the stores of a folder: the embedded one, and one for each other address that was used. */
export async function findOldStores(path: string): Promise<readonly OldStore[]> {
  const remote = (await namesIn(path)).filter((name) => name.startsWith('remote-'));
  return Promise.all([
    findOldStore('embedded', path, path),
    ...remote.map((name) => findOldStore('remote', path, join(path, name))),
  ]);
}

async function findOldStore(kind: OldStore['kind'], path: string, folder: string): Promise<OldStore> {
  const [tables, storage] = await Promise.all(['dynamodb', 'store'].map((name) => findLevel(join(folder, name))));
  return {
    kind,
    folder,
    tables,
    storage,
    queues: await findQueues(join(folder, 'sqs', 'fauxqs.db')),
    checkpoints: await readCheckpoints(join(folder, 'checkpoints')),
    hasMasterKey: (await sizeOf(join(path, 'master-key'))) !== undefined,
  };
}

async function findLevel(folder: string): Promise<Tables | undefined> {
  const names = await ifThere(readdir(folder));
  return names && { folder, hasRows: names.includes('CURRENT') };
}

async function findQueues(file: string): Promise<OldStore['queues']> {
  const sizes = await Promise.all([file, `${file}-wal`].map(sizeOf));
  const [bytes = 0, logBytes = 0] = sizes;
  return sizes[0] === undefined ? undefined : { file, bytes: bytes + logBytes };
}

/** Each service had a folder of its own. The names of functions are those of the whole system. */
async function readCheckpoints(folder: string): Promise<readonly OldCheckpoint[]> {
  const services = await namesIn(folder);
  const files = await Promise.all(
    services.map(async (service) => (await namesIn(join(folder, service))).map((name) => join(folder, service, name))),
  );
  return Promise.all(
    files
      .flat()
      .filter((file) => file.endsWith('.json'))
      .map(async (file) => ({ name: basename(file, '.json'), text: asCheckpoint(await readFile(file, 'utf8')) })),
  );
}

function asCheckpoint(text: string): string | undefined {
  try {
    // Its other fields are checked when it is used.
    const value = JSON.parse(text) as { streamArn?: unknown } | null;
    return typeof value?.streamArn === 'string' ? text : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const namesIn = (folder: string): Promise<readonly string[]> => ifThere(readdir(folder)).then((names) => names ?? []);

const sizeOf = (file: string): Promise<number | undefined> => ifThere(stat(file)).then((found) => found?.size);

async function ifThere<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
