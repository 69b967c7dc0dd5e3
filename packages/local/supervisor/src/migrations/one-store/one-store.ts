import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openStorage } from '@posthorn/local-storage';
import { syncFolder } from '@posthorn/local-storage/sync-folder';
import { type Migration, type MigrationContext, MigrationRefused } from '../migration.ts';
import { findProblems } from './check.ts';
import { fillStorage } from './fill-storage.ts';
import { findOldStores, inMemoryFolder, type OldStore } from './old-stores.ts';
import { requireRoom } from './require-room.ts';

/**
 * From format 1 to 2: the tables, queues and checkpoints of a store move into one storage.
 *
 * The rows of the tables are the same in both formats, so their folder gets the jobs and checkpoints too, and then its new
 * name. The other parts are only read. So a call after a kill finds all old parts, and the storage says how far it is.
 */
export const oneStore: Migration = {
  async migrate(path, context) {
    const stores = await findOldStores(path);
    await requireWhole(path, stores, context);
    if (!context.hasBegun) await requireRoom(path, stores);
    // Opening the tables checks their files.
    const tables = await openTables(stores);
    try {
      await context.begin();
      for (const store of stores) if (store.kind === 'remote') await moveRemote(store, context);
      if (tables) await fillStorage(tables.storage, tables.store, context);
    } finally {
      await tables?.storage.close();
    }
    if (!tables) return;
    context.beforeChange?.('rename');
    await rename(tables.folder, join(path, 'store'));
    await syncFolder(path);
  },

  async removeOldParts(path, { beforeChange }) {
    const stores = await findOldStores(path);
    const parts = stores.flatMap(({ folder }) => [join(folder, 'sqs'), join(folder, 'checkpoints')]);
    for (const part of [...parts, join(path, inMemoryFolder)]) {
      beforeChange?.(`remove ${part}`);
      await rm(part, { recursive: true, force: true });
    }
  },
};

async function requireWhole(path: string, stores: readonly OldStore[], context: MigrationContext): Promise<void> {
  const { hasBegun, queuesElsewhere } = context;
  if (!hasBegun) context.report('Checking the queues …');
  const problems = await Promise.all(stores.map((store) => findProblems(store, { path, hasBegun, queuesElsewhere })));
  if (problems.some(({ length }) => length > 0)) throw new MigrationRefused(path, problems.flat());
}

/** Opens the tables of the embedded store under their old name. Nothing if there are none, or they have their new name. */
async function openTables(stores: readonly OldStore[]) {
  const store = stores.find(({ kind, tables }) => kind === 'embedded' && tables !== undefined);
  if (!store?.tables) return undefined;
  const { folder } = store.tables;
  return { store, folder, storage: await openStorage({ folder, durability: 'machine' }) };
}

async function moveRemote(store: OldStore, context: MigrationContext): Promise<void> {
  context.beforeChange?.('open');
  const storage = await openStorage({ folder: join(store.folder, 'store'), durability: 'machine' });
  try {
    await fillStorage(storage, store, context);
  } finally {
    await storage.close();
  }
}
