import type { State } from '../state/state.ts';
import { expireItems, expireTokens } from './expire-items.ts';
import { createTrimming } from './trim-streams.ts';

const trimmingTickMs = 10_000;
const tokensEveryMs = 60_000;

/**
 * Runs the periodic tasks until it is stopped: expiry of items and tokens, and trimming of streams. Each runs at once, so
 * that it also runs in a process that soon ends.
 */
export function startHousekeeping(state: State, expiryIntervalMs: number): { stop(): Promise<void> } {
  const trimming = createTrimming(state);
  const tasks = [
    repeat(expiryIntervalMs, () => expireItems(state)),
    repeat(trimmingTickMs, trimming.tick),
    repeat(tokensEveryMs, () => expireTokens(state)),
  ];
  return {
    stop: async () => {
      await Promise.all(tasks.map((task) => task.stop()));
      await trimming.stop().catch(warn);
    },
  };
}

function repeat(everyMs: number, work: () => Promise<void>): { stop(): Promise<void> } {
  let running: Promise<void> | undefined;
  const run = () => {
    running ??= work()
      .catch(warn)
      .finally(() => {
        running = undefined;
      });
  };
  const timer = setInterval(run, everyMs);
  timer.unref();
  run();
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

const warn = (error: unknown): void => process.emitWarning(`dynamodb-embedded: ${String(error)}`);
