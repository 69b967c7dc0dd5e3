import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { dataFolderAt, makeFolder } from './data-folder.ts';
import { readLocalCloud } from './local-cloud-file.ts';

/** Another process runs a system on the data folder. */
export class DataFolderTaken extends Error {
  constructor(path: string, holder: string, options?: ErrorOptions) {
    super(
      `Another Posthorn runs on ${path}${holder}. Stop it, or give this one a folder and a port of its own: ` +
        'POSTHORN_DATA_DIR=.posthorn-2 POSTHORN_PORT=8072 npx pnpm@12 start',
      options,
    );
    this.name = 'DataFolderTaken';
  }
}

/** SQLite's code for a lock that somebody else holds. */
const busy = 5;

/**
 * Takes the data folder for this process. The lock is the operating system's on an open file (through SQLite, since Node
 * has none of its own), so it ends with the process, however that one ends, and is never stale.
 *
 * @returns what releases it
 * @throws DataFolderTaken
 */
export async function lockDataFolder(path: string): Promise<() => void> {
  await makeFolder(path);
  const file = new DatabaseSync(join(path, 'lock'), { timeout: 0 });
  try {
    file.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    if ((error as { errcode?: number }).errcode !== busy) throw error;
    throw new DataFolderTaken(path, await describeHolder(path), { cause: error });
  }
  return () => file.close();
}

async function describeHolder(path: string): Promise<string> {
  const cloud = await readLocalCloud(dataFolderAt(path)).catch(() => undefined);
  const pid = cloud?.processes.supervisor;
  return cloud === undefined || pid === undefined ? '' : ` (process ${pid}, ${cloud.url})`;
}
