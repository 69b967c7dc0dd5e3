/** One entry of a batch. Entries of one group run one after the other, different groups run at the same time. */
export interface BatchEntry {
  readonly id: string;
  /** Absent if the entry is not ordered with any other. */
  readonly group?: string;
}

export interface BatchRun<Entry extends BatchEntry> {
  readonly entries: readonly Entry[];
  /** Returns `held` if the entry is to come back later. The entries after it in its group then wait too. */
  readonly run: (entry: Entry, progress: BatchProgress) => Promise<'done' | 'held'>;
  /** Called for every entry whose run failed. The entry comes back like a held one. */
  readonly onError: (entry: Entry, error: unknown) => void;
  /** Called for every entry that did not run because an earlier one of its group comes back. An error is ignored. */
  readonly onWaiting?: (entry: Entry) => Promise<void>;
  /** Called when a group has ended in this batch, with its entries that are done. Others may still run. */
  readonly onGroupEnd?: (done: readonly Entry[]) => void;
}

/** What a run can know of the other groups of its batch. */
export interface BatchProgress {
  /** How many groups have ended. The run's own group has not. */
  readonly endedGroups: () => number;
}

/**
 * Runs a batch and returns the ids of the entries that are to come back. After an entry that comes back, no later entry
 * of its group runs, so that a failure never changes the order.
 */
export async function runInGroupOrder<Entry extends BatchEntry>(batch: BatchRun<Entry>): Promise<readonly string[]> {
  const groups = Object.values(Object.groupBy(batch.entries, ({ id, group }) => group ?? `alone ${id}`));
  let ended = 0;
  const progress: BatchProgress = { endedGroups: () => ended };
  const returned = await Promise.all(
    groups.map(async (entries = []) => {
      const back = await runInOrder({ ...batch, entries }, progress);
      ended += 1;
      batch.onGroupEnd?.(entries.slice(0, entries.length - back.length));
      return back;
    }),
  );
  return returned.flat();
}

async function runInOrder<Entry extends BatchEntry>(
  batch: BatchRun<Entry>,
  progress: BatchProgress,
): Promise<string[]> {
  const { entries, run, onError, onWaiting } = batch;
  for (const [index, entry] of entries.entries()) {
    try {
      if ((await run(entry, progress)) === 'done') continue;
    } catch (error) {
      onError(entry, error);
    }
    const waiting = entries.slice(index + 1);
    // Settled, not all: an entry that cannot be notified comes back anyway, and other groups must not run again for it.
    await Promise.allSettled(waiting.map(async (later) => onWaiting?.(later)));
    return [entry, ...waiting].map(({ id }) => id);
  }
  return [];
}
