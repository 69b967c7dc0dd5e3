import type { Change } from '../types.ts';

export interface CommitterDeps {
  /** Writes changes atomically. Resolves when they are durable. */
  readonly write: (changes: Change[]) => Promise<void>;
  /** Makes a failed store able to write again. Resolves when it is, with none of the failed changes in it. */
  readonly heal: () => Promise<void>;
}

/** Writes groups of changes one after the other. Changes that arrive during a write form the next group. */
export interface Committer {
  /** Returns whether a change of the key is not durable yet. */
  readonly isPending: (key: string) => boolean;
  /** Returns the value after the last change of a pending key. */
  readonly pending: (key: string) => string | undefined;
  readonly commit: (changes: readonly Change[]) => Promise<void>;
  readonly settled: () => Promise<void>;
  /** The error of the last write, until the store is healed. */
  readonly failure: () => Error | undefined;
  /** Runs work between two groups. */
  readonly between: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * If a write fails, its group and all later changes are rejected until the store is healed: the later ones were decided on
 * changes that were not written.
 */
export function createCommitter({ write, heal }: CommitterDeps): Committer {
  let next = createGroup();
  let current = createGroup();
  /** Work on the store, one after the other. Never rejects. */
  let line: Promise<void> = Promise.resolve();
  let failure: Error | undefined;

  const flush = async (): Promise<void> => {
    // Empty if a failure has rejected it.
    if (next.changes.length === 0) return;
    current = next;
    next = createGroup();
    const own = current;
    try {
      await write(own.changes);
      own.done.resolve();
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)), own);
    }
    own.values.clear();
  };

  const fail = (error: Error, own: Group): void => {
    failure = error;
    own.done.reject(error);
    if (next.changes.length > 0) {
      next.done.reject(error);
      next = createGroup();
    }
    void heal().then(() => {
      failure = undefined;
    });
  };

  const settled = async (): Promise<void> => {
    await (next.changes.length > 0 ? next.done.promise : line);
    if (failure) throw failure;
  };

  return {
    isPending: (key) => next.values.has(key) || current.values.has(key),
    pending: (key) => (next.values.has(key) ? next.values.get(key) : current.values.get(key)),
    commit(added) {
      if (failure) return Promise.reject(failure);
      if (added.length === 0) return settled();
      const { changes, values, done } = next;
      // Starts one turn later, so that requests that arrive together are written together.
      if (changes.length === 0) {
        setImmediate(() => {
          line = line.then(flush);
        });
      }
      for (const change of added) {
        changes.push(change);
        values.set(change.key, change.type === 'put' ? change.value : undefined);
      }
      return done.promise;
    },
    settled,
    failure: () => failure,
    between: (work) => {
      const result = line.then(work);
      line = result.then(ignore, ignore);
      return result;
    },
  };
}

interface Group {
  readonly changes: Change[];
  /** The last value of each changed key; `undefined` if it is deleted. */
  readonly values: Map<string, string | undefined>;
  readonly done: PromiseWithResolvers<void>;
}

const createGroup = (): Group => ({ changes: [], values: new Map(), done: Promise.withResolvers<void>() });

const ignore = (): void => undefined;
