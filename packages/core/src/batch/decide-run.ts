/** From this many receives on, a worker notes that it begins a job: two deaths of workers leave no note. */
export const notedReceives = 3;

/** A job whose worker died this often while it ran alone ends. */
export const maxDeathsAlone = 3;

/** Runs of a job that began and did not end: their workers died. */
export interface UnendedRuns {
  readonly all: number;
  /** Those in which no other job ran that could have been the cause. */
  readonly alone: number;
}

/**
 * How a job runs. One whose worker has died may have been the cause, or only have been in the same batch, so it runs
 * `alone`. One that kills its worker alone, too, is `doomed`. A job that comes back because an outage lasts has no
 * such runs, however often it comes.
 */
export const decideRun = ({ all, alone }: UnendedRuns): 'with-others' | 'alone' | 'doomed' => {
  if (alone >= maxDeathsAlone) return 'doomed';
  return all > 0 ? 'alone' : 'with-others';
};
