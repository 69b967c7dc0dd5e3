/** From this many receives on, a worker notes that it begins a job: two deaths of workers leave no note. */
export const notedReceives = 3;

/** If a job runs in turn and its worker dies, this many times, the job is taken for the cause. */
export const maxDeathsInTurn = 3;

/** So long after its first death a job takes turns. Until then most jobs that only died with others have ended. */
export const turnsAfterMs = 5 * 60_000;

/** So long after the first death it ends. Until then the cause may be another one, such as a process that cannot start. */
export const patienceWithDeathsMs = 10 * 60_000;

/** Runs of a job that began and did not end: their workers died. */
export interface UnendedRuns {
  readonly all: number;
  /** Those in which no other job of the batch ran. */
  readonly alone: number;
  /** Those of them in which no other suspect of the process ran, so that only this one can have been the cause. */
  readonly inTurn: number;
  /** When the first of them began. */
  readonly since: Date;
}

/**
 * - `with-others` of its batch
 * - `alone`: no other one of its batch runs
 * - `in-turn`: also no other one of its process that runs in turn
 * - `doomed`: it does not run, and ends
 */
export type RunDecision = 'with-others' | 'alone' | 'in-turn' | 'doomed';

/**
 * How a job runs. One whose worker has died may have been the cause, or only have been in the same batch, so it runs
 * `alone`. If workers die for some time, also while it is alone, another job of the same process may have been the cause: so it
 * runs `in-turn`. One whose worker dies again and again in its turn is `doomed`. None is doomed because time has
 * passed: a machine can stand still for an hour. A job that comes back because an outage lasts has no such runs, however
 * often it comes.
 *
 * @param runs - absent if the job has none
 */
export function decideRun(runs: UnendedRuns | undefined, now: Date): RunDecision {
  if (!runs) return 'with-others';
  const ageMs = now.getTime() - runs.since.getTime();
  if (runs.alone === 0 || ageMs < turnsAfterMs) return 'alone';
  return runs.inTurn >= maxDeathsInTurn && ageMs >= patienceWithDeathsMs ? 'doomed' : 'in-turn';
}
