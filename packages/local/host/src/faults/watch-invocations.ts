import type { Invoke } from '../functions/invoker.ts';
import type { LoadedFunction } from '../functions/load-functions.ts';
import type { Journal } from './journal.ts';
import type { Reach } from './kill-points.ts';

/** Observes invocations: how long they take, and whether two of them have the same job at the same time. */
export function createInvocationWatch(journal: Journal, reach: Reach) {
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
  return (
    { key, definition: { timeoutSeconds } }: Pick<LoadedFunction, 'key' | 'definition'>,
    invoke: Invoke,
  ): Invoke =>
    async (event) => {
      const jobs = jobsOf(event);
      const startedAt = performance.now();
      begin(jobs);
      try {
        reach({ gate: 'invoke', when: 'before', function: key });
        const result = await invoke(event);
        reach({ gate: 'invoke', when: 'after', function: key });
        return result;
      } finally {
        end(jobs);
        measure(key, performance.now() - startedAt, timeoutSeconds * 1_000);
      }
    };
}

/** The texts of the jobs in an event of a queue. Other events have none. */
function jobsOf(event: object): readonly string[] {
  const { Records: records = [] }: { readonly Records?: readonly { readonly body?: string }[] } = event;
  return [...new Set(records.flatMap(({ body }) => body ?? []))];
}
