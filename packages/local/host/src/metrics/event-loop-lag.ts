import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late timers of this process are, in seconds, since the last call. */
export interface EventLoopLag {
  read(): { readonly median: number; readonly p99: number; readonly max: number };
  stop(): void;
}

/** A coarse interval, because each measurement wakes the process. */
const resolutionMs = 50;

export function watchEventLoopLag(): EventLoopLag {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  // What is measured includes the interval itself.
  const toSeconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - resolutionMs / 1_000);
  return {
    read() {
      const lag = {
        median: toSeconds(delays.percentile(50)),
        p99: toSeconds(delays.percentile(99)),
        max: toSeconds(delays.max),
      };
      delays.reset();
      return lag;
    },
    stop: () => void delays.disable(),
  };
}
