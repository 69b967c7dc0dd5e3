import { MemoryLevel } from 'memory-level';
import { takeSnapshot } from './backup/snapshot.ts';
import { createCommitter } from './commit/committer.ts';
import { type DiskSpace, unlimitedSpace, watchDiskSpace } from './commit/disk-space.ts';
import { type Finding, StorageWriteFailed } from './errors.ts';
import { type BackgroundCheck, checkInBackground } from './folder/check-in-background.ts';
import { createHealingFolder, type HealingFolder } from './folder/healing-folder.ts';
import type { Loss } from './folder/judge-folder.ts';
import type { Level } from './folder/level.ts';
import { openFolder } from './folder/open-folder.ts';
import type { StorageOptions } from './options.ts';
import { clearRange, readKeys, readRows } from './rows.ts';
import type { Change, Snapshot, Storage } from './types.ts';

/** @throws FolderInUse, DataFolderDamaged, SecretDiffers, FolderNotOpened */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { folder, durability, minFreeBytes, onDamage = warn } = options;
  if (folder === undefined) return createStorage({ store: await openMemory(), space: unlimitedSpace });
  const { unchecked, loss, ...opened } = await openFolder(folder, options);
  return createStorage({
    store: createHealingFolder(folder, opened, durability === 'machine'),
    space: await watchDiskSpace(folder, minFreeBytes),
    folder,
    ...(loss && { loss }),
    ...(unchecked && { check: checkInBackground(folder, unchecked, onDamage) }),
  });
}

const warn = (findings: readonly Finding[]): void => {
  for (const { file, problem } of findings) process.emitWarning(`Damage in the store: ${file} ${problem}`);
};

interface Parts {
  readonly store: HealingFolder;
  readonly space: DiskSpace;
  readonly folder?: string;
  readonly loss?: Loss;
  readonly check?: BackgroundCheck;
}

function createStorage({ store, space, folder, loss, check }: Parts): Storage {
  const { isPending, pending, commit, settled, failure, between } = createCommitter({
    write: async (changes) => {
      space.count(bytesOf(changes));
      try {
        await store.write(changes);
      } catch (error) {
        void space.check();
        throw new StorageWriteFailed(error);
      }
    },
    heal: store.heal,
  });
  const snapshot = (): Promise<Snapshot> => {
    if (folder === undefined) throw new Error('A store in memory has no files. Open a folder');
    const failed = failure();
    if (failed) throw failed;
    return takeSnapshot({ folder, between, witness: store.witness });
  };
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
    keys: (range) => readKeys(store, range),
    clear: (range) => clearRange(storage, range),
    readable: store.readable,
    state: () => {
      const full = space.full();
      const problem = full ?? failure();
      const damage = check?.findings() ?? [];
      return {
        ...(problem
          ? { writable: false, cause: full ? 'full' : 'failing', reason: problem.message }
          : { writable: true }),
        ...(damage.length > 0 && { damage }),
      };
    },
    snapshot: async () => snapshot(),
    ...(loss && { loss }),
    close: async () => {
      await settled().catch(() => undefined);
      space.close();
      await check?.stop();
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
    witness: () => {
      throw new Error('A store in memory has no files');
    },
    close: () => level.close(),
  };
}
