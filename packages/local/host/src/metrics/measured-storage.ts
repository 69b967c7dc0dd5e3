import type { Storage } from '@posthorn/local-storage';
import { createHistogram, type Histogram } from './histogram.ts';

/** How long the storage took, in seconds. */
export interface StorageTimes {
  readonly commits: Histogram;
  readonly reads: Histogram;
}

const commitBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const readBounds = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.001, 0.01, 0.1];

/** Measures a storage from outside: commits until they are durable, and reads of single rows. */
export function measureStorage(storage: Storage): { readonly storage: Storage; readonly times: StorageTimes } {
  const times = { commits: createHistogram(commitBounds), reads: createHistogram(readBounds) };
  const since = (start: number): number => (performance.now() - start) / 1_000;
  return {
    times,
    storage: {
      ...storage,
      get(key) {
        const start = performance.now();
        const value = storage.get(key);
        times.reads.add(since(start));
        return value;
      },
      latest(key) {
        const start = performance.now();
        const value = storage.latest(key);
        times.reads.add(since(start));
        return value;
      },
      async commit(changes, options) {
        const start = performance.now();
        await storage.commit(changes, options);
        times.commits.add(since(start));
      },
    },
  };
}
