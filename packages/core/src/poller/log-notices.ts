/** Tells programs of the same process that the log of an application has grown. */
export interface LogNotices {
  /** To be called after each write to the log, also if it may have failed. */
  tell(applicationId: string): void;
  /** Watches a log from now on. Whoever reads it afterwards misses nothing. */
  watch(applicationId: string): LogWatch;
}

export interface LogWatch {
  /**
   * Resolves when the log has grown since the watch began, or since this resolved the last time. It also resolves when the
   * signal is aborted. Only one may be waited for at a time.
   */
  grown(signal: AbortSignal): Promise<void>;
  /** Must be called in the end. */
  end(): void;
}

interface Watcher {
  /** Whether the log has grown, and no one has been told. */
  hasNews: boolean;
  wake: () => void;
}

/** Notices in memory: for logs that are written and read in one process. */
export function createLogNotices(): LogNotices {
  const watchers = new Map<string, Set<Watcher>>();
  return {
    tell: (applicationId) => {
      for (const watcher of watchers.get(applicationId) ?? []) {
        watcher.hasNews = true;
        watcher.wake();
      }
    },
    watch: (applicationId) => {
      const watcher: Watcher = { hasNews: false, wake: doNothing };
      const others = watchers.get(applicationId) ?? new Set();
      watchers.set(applicationId, others.add(watcher));
      return {
        grown: async (signal) => {
          if (!watcher.hasNews) await untilWoken(watcher, signal);
          // Before the next read: what is told from here on is news again.
          watcher.hasNews = false;
        },
        end: () => {
          others.delete(watcher);
          if (others.size === 0 && watchers.get(applicationId) === others) watchers.delete(applicationId);
        },
      };
    },
  };
}

async function untilWoken(watcher: Watcher, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const wake = () => resolve();
  watcher.wake = wake;
  signal.addEventListener('abort', wake);
  await promise;
  signal.removeEventListener('abort', wake);
  watcher.wake = doNothing;
}

const doNothing = (): void => undefined;
