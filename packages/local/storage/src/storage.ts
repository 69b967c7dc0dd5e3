import { mkdir } from 'node:fs/promises';
import { ClassicLevel } from 'classic-level';
import { MemoryLevel } from 'memory-level';
import { type StorageOptions, StorageWriteFailed } from './options.ts';

export type Change =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

/** A range of keys, and the direction to read it. */
export interface Range {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

export type Row = readonly [key: string, value: string];

/** Text rows in the order of their keys, in a folder or in memory. */
export interface Storage {
  /** Returns the durable value. */
  get(key: string): string | undefined;
  /** Returns the value after the last change, even if that is not durable yet. */
  latest(key: string): string | undefined;
  /** Writes all changes atomically, after all earlier ones. Resolves when they are durable. */
  commit(changes: readonly Change[]): Promise<void>;
  /** Resolves when all changes so far are durable. */
  settled(): Promise<void>;
  /** Returns the rows that are durable now, in portions. */
  rows(range: Range): AsyncIterable<readonly Row[]>;
  /** Deletes a range. Nothing may write to it any more. */
  clear(range: Range): Promise<void>;
  close(): Promise<void>;
}

const firstPortion = 64;
const portion = 512;

/** Another process has the folder open. */
export class FolderInUse extends Error {
  constructor(folder: string, options?: ErrorOptions) {
    super(`${folder} is in use by another process. Stop that process, or choose another folder`, options);
    this.name = 'FolderInUse';
  }
}

/** @throws FolderInUse */
export async function openStorage({ folder, durability }: StorageOptions): Promise<Storage> {
  const level = folder === undefined ? await openMemory() : await openFolder(folder);
  const { commit, latest, settled } = createCommitter(level, { sync: durability === 'machine' });
  return {
    get: (key) => level.getSync(key),
    latest: (key) => {
      const pending = latest(key);
      return pending === undefined ? level.getSync(key) : pending.value;
    },
    commit,
    settled,
    async *rows(range) {
      const iterator = level.iterator({ ...range });
      try {
        for (let size = firstPortion; ; size = portion) {
          const rows = await iterator.nextv(size);
          if (rows.length === 0) return;
          yield rows;
        }
      } finally {
        await iterator.close();
      }
    },
    clear: (range) => level.clear({ ...range }),
    close: async () => {
      await settled().catch(() => undefined);
      await level.close();
    },
  };
}

async function openMemory(): Promise<Level> {
  const level = new MemoryLevel<string, string>();
  await level.open();
  // It has the same interface, and ignores the options that only LevelDB has.
  return level as unknown as Level;
}

async function openFolder(folder: string): Promise<Level> {
  await mkdir(folder, { recursive: true });
  const level = new ClassicLevel<string, string>(folder);
  try {
    await level.open();
    return level;
  } catch (error) {
    if (isLocked(error)) throw new FolderInUse(folder, { cause: error });
    throw error;
  }
}

const isLocked = (error: unknown): boolean =>
  error instanceof Error && (error.cause as { code?: string } | undefined)?.code === 'LEVEL_LOCKED';

type Level = ClassicLevel<string, string>;

interface Pending {
  readonly value: string | undefined;
  readonly group: number;
}

/**
 * Writes groups of changes one after the other. Changes that arrive during a write form the next group. If a write
 * fails, all later writes fail too, because they were decided on changes that were not written.
 */
function createCommitter(level: Pick<Level, 'batch'>, options: { readonly sync: boolean }) {
  const pending = new Map<string, Pending>();
  let changes: Change[] = [];
  let group = 0;
  let done = Promise.withResolvers<void>();
  let writing: Promise<void> = Promise.resolve();
  let broken: Error | undefined;

  const flush = async (): Promise<void> => {
    const [own, ownGroup, ownDone] = [changes, group, done];
    changes = [];
    group += 1;
    done = Promise.withResolvers<void>();
    try {
      if (broken) throw broken;
      await level.batch(own, options);
      ownDone.resolve();
    } catch (error) {
      broken ??= new StorageWriteFailed(error);
      ownDone.reject(broken);
    }
    for (const { key } of own) if (pending.get(key)?.group === ownGroup) pending.delete(key);
  };

  return {
    latest: (key: string): Pending | undefined => pending.get(key),
    commit(added: readonly Change[]): Promise<void> {
      if (broken) return Promise.reject(broken);
      if (added.length === 0) return settled();
      if (changes.length === 0) {
        const before = writing;
        // Starts one turn later, so that requests that arrive together are written together.
        writing = new Promise<void>((resolve) => setImmediate(resolve)).then(() => before).then(flush);
      }
      for (const change of added) {
        changes.push(change);
        pending.set(change.key, { value: change.type === 'put' ? change.value : undefined, group });
      }
      return done.promise;
    },
    settled,
  };

  async function settled(): Promise<void> {
    await (changes.length > 0 ? done.promise : writing);
    if (broken) throw broken;
  }
}
