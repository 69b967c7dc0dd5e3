import type { State } from '../state/state.ts';
import { expireItems, expireTokens } from './expire-items.ts';
import { createTrimming } from './trim-streams.ts';

const trimEveryMs = 60_000;

/** Runs the periodic tasks until it is stopped: expiry of items and tokens, and trimming of streams. */
export function startHousekeeping(state: State, expiryIntervalMs: number): { stop(): Promise<void> } {
  const trim = createTrimming(state);
  const tasks = [
    repeat(expiryIntervalMs, () => expireItems(state)),
    repeat(trimEveryMs, async () => {
      await trim();
      await expireTokens(state);
    }),
  ];
  return {
    stop: async () => {
      await Promise.all(tasks.map((task) => task.stop()));
    },
  };
}

function repeat(everyMs: number, work: () => Promise<void>): { stop(): Promise<void> } {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= work()
      .catch((error: unknown) => process.emitWarning(`dynamodb-embedded: ${String(error)}`))
      .finally(() => {
        running = undefined;
      });
  }, everyMs);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
