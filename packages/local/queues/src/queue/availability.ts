/** Tells waiting consumers that there may be messages to take. */
export interface Availability {
  /** A message may have become available. */
  signal(): void;
  /** The state before a take, for `exhausted`. */
  mark(): number;
  /** A take found all messages that were available at the mark. */
  exhausted(mark: number): void;
  /** Resolves when a message may have become available since the last take that found all, or when the signal aborts. */
  changed(signal: AbortSignal): Promise<void>;
}

export function createAvailability(): Availability {
  let signals = 1;
  let exhaustedAt = 0;
  const waiting = new Set<() => void>();
  return {
    signal() {
      signals += 1;
      for (const resolve of waiting) resolve();
      waiting.clear();
    },
    mark: () => signals,
    exhausted(mark) {
      exhaustedAt = Math.max(exhaustedAt, mark);
    },
    changed(signal) {
      if (signals > exhaustedAt || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const done = (): void => {
          waiting.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        waiting.add(done);
        signal.addEventListener('abort', done);
      });
    },
  };
}
