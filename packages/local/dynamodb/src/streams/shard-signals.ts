export interface ShardSignals {
  /** Wakes all readers that wait for a record of the shard. */
  wake(shard: string): void;
  /** Resolves at the next wake, or after `ms` milliseconds. */
  wait(shard: string, ms: number): Promise<void>;
  /** Wakes all readers. Later calls of `wait` resolve at once. */
  close(): void;
}

/** Lets readers at the end of a shard wait for the next record. */
export function createShardSignals(): ShardSignals {
  const waiting = new Map<string, Set<() => void>>();
  let isClosed = false;
  const wakeAll = (wakes: Iterable<() => void>) => {
    for (const wake of [...wakes]) wake();
  };
  return {
    wake: (shard) => wakeAll(waiting.get(shard) ?? []),
    wait: (shard, ms) =>
      new Promise((resolve) => {
        if (isClosed) return resolve();
        const wakes = waiting.get(shard) ?? new Set();
        waiting.set(shard, wakes);
        const wake = () => {
          clearTimeout(timer);
          wakes.delete(wake);
          if (wakes.size === 0) waiting.delete(shard);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        wakes.add(wake);
      }),
    close: () => {
      isClosed = true;
      for (const wakes of [...waiting.values()]) wakeAll(wakes);
    },
  };
}

export const shardKey = (streamId: string, shard: number): string => `${streamId}/${shard}`;
