import type { Invoke } from '../functions/invoker.ts';
import type { LoadedFunction } from '../functions/load-functions.ts';

const minuteMs = 60_000;

/**
 * Invokes the scheduled functions, first at once and then in their intervals. A run that takes longer than its interval
 * is not joined by another one.
 *
 * @returns a function that stops the clock
 */
export function runSchedules(
  functions: readonly LoadedFunction[],
  invokeOf: (one: LoadedFunction) => Invoke,
  log: (line: string) => void,
): () => void {
  const timers = functions.flatMap((one) =>
    one.definition.events.flatMap((event) => {
      if (event.kind !== 'schedule') return [];
      const run = createRun(one.key, invokeOf(one), log);
      run();
      return [setInterval(run, event.everyMinutes * minuteMs)];
    }),
  );
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}

function createRun(key: string, invoke: Invoke, log: (line: string) => void): () => void {
  let isRunning = false;
  return () => {
    if (isRunning) return;
    isRunning = true;
    invoke(scheduledEvent(new Date()))
      .catch((error: unknown) => log(`${key} failed: ${error instanceof Error ? error.message : String(error)}`))
      .finally(() => {
        isRunning = false;
      });
  };
}

/** The event of EventBridge's scheduler. */
const scheduledEvent = (now: Date) => ({
  id: 'local',
  version: '0',
  account: '000000000000',
  time: now.toISOString(),
  region: 'us-east-1',
  resources: [],
  source: 'aws.events',
  'detail-type': 'Scheduled Event',
  detail: {},
});
