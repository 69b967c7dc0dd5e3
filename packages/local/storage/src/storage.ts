import { MemoryLevel } from 'memory-level';
import { createCommitter } from './commit/committer.ts';
import { type DiskSpace, unlimitedSpace, watchDiskSpace } from './commit/disk-space.ts';
import { StorageWriteFailed } from './errors.ts';
import { createHealingFolder, type HealingFolder } from './folder/healing-folder.ts';
import type { Loss } from './folder/judge-folder.ts';
import type { Level } from './folder/level.ts';
import { openFolder } from './folder/open-folder.ts';
import type { StorageOptions } from './options.ts';
import { clearRange, readRows } from './rows.ts';
import type { Change, Storage } from './types.ts';

/** @throws FolderInUse, DataFolderDamaged */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { folder, durability, minFreeBytes } = options;
  if (folder === undefined) return createStorage(await openMemory(), unlimitedSpace);
  const opened = await openFolder(folder, durability);
  const store = createHealingFolder(folder, opened, durability === 'machine');
  return createStorage(store, await watchDiskSpace(folder, minFreeBytes), opened.loss);
}

function createStorage(store: HealingFolder, space: DiskSpace, loss?: Loss): Storage {
  const { isPending, pending, commit, settled, failure } = createCommitter({
    write: async (changes) => {
      space.count(bytesOf(changes));
      try {
        await store.write(changes);
      } catch (error) {
        void space.check();
        throw new StorageWriteFailed(error);
      }
    },
    heal: () => store.heal(),
  });
  const storage: Storage = {
    get: (key) => store.level().getSync(key),
    latest: (key) => (isPending(key) ? pending(key) : store.level().getSync(key)),
    commit: (changes, options) => {
      const full = space.full();
      if (full && options?.essential !== true && changes.some(({ type }) => type === 'put')) {
        return Promise.reject(full);
      }
      return commit(changes);
    },
    settled,
    rows: (range) => readRows(store, range),
    clear: (range) => clearRange(storage, range),
    readable: store.readable,
    state: () => {
      const problem = space.full() ?? failure();
      return problem ? { writable: false, reason: problem.message } : { writable: true };
    },
    ...(loss && { loss }),
    close: async () => {
      await settled().catch(() => undefined);
      space.close();
      await store.close();
    },
  };
  return storage;
}

/** About the bytes that the changes take: texts with one byte a character. */
function bytesOf(changes: readonly Change[]): number {
  let bytes = 0;
  for (const change of changes) bytes += change.key.length + (change.type === 'put' ? change.value.length : 0);
  return bytes;
}

async function openMemory(): Promise<HealingFolder> {
  const memory = new MemoryLevel<string, string>();
  await memory.open();
  // It has the same interface, and ignores the options that only LevelDB has.
  const level = memory as unknown as Level;
  return {
    level: () => level,
    readable: () => undefined,
    write: (changes) => level.batch(changes),
    heal: () => Promise.reject(new Error('Memory takes every write')),
    close: () => level.close(),
  };
}
