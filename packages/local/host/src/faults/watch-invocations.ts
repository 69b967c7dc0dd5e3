import type { Invoke } from '../functions/invoker.ts';
import type { LoadedFunction } from '../functions/load-functions.ts';
import type { Journal } from './journal.ts';
import type { Reach } from './kill-points.ts';

interface Running {
  readonly key: string;
  readonly startedAt: number;
  readonly limitMs: number;
}

const lookEveryMs = 1_000;

export interface InvocationWatch {
  /** Observes an invocation. */
  wrap(one: Pick<LoadedFunction, 'key' | 'definition'>, invoke: Invoke): Invoke;
  /** Writes how long invocations run already that are over their time limit. It also runs by itself, every second. */
  look(): void;
}

/**
 * Observes invocations: how long they take, those that never end included, and whether two of them have the same job at the
 * same time.
 *
 * @param now - milliseconds
 */
export function createInvocationWatch(journal: Journal, reach: Reach, now = () => performance.now()): InvocationWatch {
  const underWay = new Set<Running>();
  const longest = new Map<string, number>();
  const running = new Map<string, number>();
  const begin = (jobs: readonly string[]) => {
    for (const job of jobs) {
      const workers = (running.get(job) ?? 0) + 1;
      running.set(job, workers);
      if (workers > 1) journal.add({ kind: 'two-workers', job });
    }
  };
  const end = (jobs: readonly string[]) => {
    for (const job of jobs) {
      const workers = (running.get(job) ?? 1) - 1;
      if (workers === 0) running.delete(job);
      else running.set(job, workers);
    }
  };
  const measure = (key: string, ms: number, limitMs: number) => {
    if (ms <= (longest.get(key) ?? 0)) return;
    longest.set(key, ms);
    journal.add({ kind: 'longest', function: key, ms: Math.round(ms), limitMs });
  };
  const look = () => {
    for (const { key, startedAt, limitMs } of underWay)
      if (now() - startedAt > limitMs) measure(key, now() - startedAt, limitMs);
  };
  setInterval(look, lookEveryMs).unref();
  const wrap: InvocationWatch['wrap'] = ({ key, definition: { timeoutSeconds } }, invoke) => {
    return async (event) => {
      const jobs = jobsOf(event);
      const own: Running = { key, startedAt: now(), limitMs: timeoutSeconds * 1_000 };
      underWay.add(own);
      begin(jobs);
      try {
        reach({ gate: 'invoke', when: 'before', function: key });
        const result = await invoke(event);
        reach({ gate: 'invoke', when: 'after', function: key });
        return result;
      } finally {
        end(jobs);
        underWay.delete(own);
        measure(key, now() - own.startedAt, own.limitMs);
      }
    };
  };
  return { wrap, look };
}

/** The texts of the jobs in an event of a queue. Other events have none. */
function jobsOf(event: object): readonly string[] {
  const { Records: records = [] }: { readonly Records?: readonly { readonly body?: string }[] } = event;
  return [...new Set(records.flatMap(({ body }) => body ?? []))];
}
