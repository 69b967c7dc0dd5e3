import type { Storage } from '@posthorn/local-storage';
import { type EventLoopLag, watchEventLoopLag } from './event-loop-lag.ts';
import { measureStorage, type StorageTimes } from './measured-storage.ts';
import { createRequestCounts, type RequestCounts } from './request-counts.ts';

/** What costs time to measure, so that it is measured only for metrics. */
export interface Measurements {
  readonly requests: RequestCounts;
  readonly lag: EventLoopLag;
  /** Measures this storage from now on. */
  wrap(storage: Storage): Storage;
  /** @throws if no storage was wrapped */
  times(): StorageTimes;
}

export function createMeasurements(): Measurements {
  let times: StorageTimes | undefined;
  return {
    requests: createRequestCounts(),
    lag: watchEventLoopLag(),
    wrap(storage) {
      const measured = measureStorage(storage);
      times = measured.times;
      return measured.storage;
    },
    times() {
      if (times === undefined) throw new Error('no storage is measured');
      return times;
    },
  };
}
