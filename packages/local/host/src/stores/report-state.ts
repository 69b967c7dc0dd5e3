import type { Storage } from '@posthorn/local-storage';

const lookEveryMs = 1_000;

/**
 * Logs when new data cannot be written any more, with the reason, and when it can be written again.
 *
 * @returns a function that ends it
 */
export function reportState(
  storage: Pick<Storage, 'state'>,
  log: (line: string) => void,
  everyMs: number = lookEveryMs,
): () => void {
  let wasWritable = true;
  const look = () => {
    const state = storage.state();
    if (state.writable === wasWritable) return;
    wasWritable = state.writable;
    log(
      state.writable
        ? 'Warning: New messages are accepted again'
        : `Warning: New messages are refused with 503. ${state.reason}`,
    );
  };
  const timer = setInterval(look, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
