const lookEveryMs = 1_000;
/** A busy machine is late too, but not by so much. */
const sleptMs = 5_000;

export interface SleepNotice {
  /** A signal for what begins now. It is aborted when the machine wakes up, or the process goes on after a stop. */
  signal(): AbortSignal;
  /** The process goes on after a stop (`SIGCONT`). */
  wake(): void;
  end(): void;
}

/**
 * Notices that the machine has slept: the clock has gone on much further than the time that was waited for. Connections
 * from before are often dead then, and nothing says so.
 *
 * @param now - milliseconds since 1970
 */
export function noticeSleep(now: () => number = Date.now): SleepNotice {
  let current = new AbortController();
  let lookedAt = now();
  const wake = () => {
    current.abort();
    current = new AbortController();
  };
  const timer = setInterval(() => {
    if (now() - lookedAt > lookEveryMs + sleptMs) wake();
    lookedAt = now();
  }, lookEveryMs);
  timer.unref();
  return { signal: () => current.signal, wake, end: () => clearInterval(timer) };
}
