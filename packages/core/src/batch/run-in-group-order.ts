/** One entry of a batch. Entries of one group are run one after the other; others at the same time. */
export interface BatchEntry {
  readonly id: string;
  /** Absent: in no order with any other. */
  readonly group?: string;
}

export interface BatchRun<Entry extends BatchEntry> {
  readonly entries: readonly Entry[];
  /** `held`: not done, to come back later; what is behind it in its group waits with it. */
  readonly run: (entry: Entry) => Promise<'done' | 'held'>;
  /** Told of every entry whose run failed; it comes back as a held one does. */
  readonly onError: (entry: Entry, error: unknown) => void;
  /** Told of every entry that was not run, since an earlier one of its group is to come back. */
  readonly onWaiting?: (entry: Entry) => Promise<void>;
}

/**
 * Runs a batch and answers the ids of the entries that are to come back. Behind one that is, no later entry of its group
 * is run, so that a failure never changes the order.
 */
export async function runInGroupOrder<Entry extends BatchEntry>(batch: BatchRun<Entry>): Promise<readonly string[]> {
  const groups = Object.values(Object.groupBy(batch.entries, ({ id, group }) => group ?? `alone ${id}`));
  const returned = await Promise.all(groups.map((entries) => runInOrder({ ...batch, entries: entries ?? [] })));
  return returned.flat();
}

async function runInOrder<Entry extends BatchEntry>(batch: BatchRun<Entry>): Promise<string[]> {
  const { entries, run, onError, onWaiting } = batch;
  for (const [index, entry] of entries.entries()) {
    try {
      if ((await run(entry)) === 'done') continue;
    } catch (error) {
      onError(entry, error);
    }
    const waiting = entries.slice(index + 1);
    await Promise.all(waiting.map((later) => onWaiting?.(later)));
    return [entry, ...waiting].map(({ id }) => id);
  }
  return [];
}
