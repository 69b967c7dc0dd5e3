import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { dataFolderAt, makeFolder } from './data-folder.ts';
import { readLocalCloud } from './local-cloud-file.ts';

/** Another supervisor uses the data folder. */
export class DataFolderTaken extends Error {
  constructor(path: string, holder: string, options?: ErrorOptions) {
    super(
      `Another Posthorn uses ${path}${holder}. Stop it, or choose another folder and another port for this one: ` +
        'POSTHORN_DATA_DIR=.posthorn-2 POSTHORN_PORT=8072 npx pnpm@12 start',
      options,
    );
    this.name = 'DataFolderTaken';
  }
}

/** SQLite's error code if another connection holds the lock (SQLITE_BUSY). */
const busy = 5;

/**
 * Locks the data folder for this process. The lock is a file lock of the operating system. It goes through SQLite,
 * because Node has no API for file locks. The operating system releases it when the process ends in any way, so it is
 * never stale.
 *
 * @returns a function that releases the lock
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
