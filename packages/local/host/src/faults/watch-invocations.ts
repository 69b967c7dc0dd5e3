import type { Invoke } from '../functions/invoker.ts';
import type { LoadedFunction } from '../functions/load-functions.ts';
import type { Journal } from './journal.ts';
import type { Reach } from './kill-points.ts';
import { runWork } from './present-work.ts';
import { readJobs } from './read-job.ts';

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

export interface InvocationWatchDeps {
  readonly journal: Journal;
  /** For what happens often. */
  readonly workLog: Journal;
  readonly reach: Reach;
  /** How often the process was started in this run: its invocations are named by it. */
  readonly start: number;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** Observes invocations: how long they take, those that never end included, and which jobs they have. */
export function createInvocationWatch(deps: InvocationWatchDeps): InvocationWatch {
  const { journal, workLog, reach, start, now = () => performance.now() } = deps;
  const underWay = new Set<Running>();
  const longest = new Map<string, number>();
  let lastWork = 0;
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
      lastWork += 1;
      const work = `${start}.${lastWork}`;
      const jobs = readJobs(event);
      const own: Running = { key, startedAt: now(), limitMs: timeoutSeconds * 1_000 };
      underWay.add(own);
      if (jobs.length > 0) workLog.add({ kind: 'work-began', work, function: key, jobs });
      try {
        reach({ gate: 'invoke', when: 'before', function: key });
        const result = await runWork(work, () => invoke(event));
        reach({ gate: 'invoke', when: 'after', function: key });
        return result;
      } finally {
        if (jobs.length > 0) workLog.add({ kind: 'work-ended', work });
        underWay.delete(own);
        measure(key, now() - own.startedAt, own.limitMs);
      }
    };
  };
  return { wrap, look };
}
