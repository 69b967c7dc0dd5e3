/** A function as it is deployed. */
export interface MeasuredFunction {
  readonly name: string;
  readonly kilobytes: number;
  readonly loadMs: number;
}

/** An aim of `pnpm run size`. `missedBy`: how far it is missed; absent if it is met. */
export interface Aim {
  readonly what: string;
  readonly missedBy?: string;
}

/** The command line as it is published. Times are of a whole process, from its start to its end. */
export interface MeasuredProgram {
  readonly kilobytes: number;
  readonly startMs: number;
  /** Of a program without a line in it. */
  readonly emptyStartMs: number;
}

const programLimits = { kilobytes: 300, timesEmptyStart: 2 };

/** Compares the command line with its limits. */
export function checkProgram({ kilobytes, startMs, emptyStartMs }: MeasuredProgram): readonly Aim[] {
  const times = startMs / emptyStartMs;
  return [
    {
      what: `posthorn has at most ${programLimits.kilobytes} KB`,
      ...(kilobytes > programLimits.kilobytes && { missedBy: `${kilobytes.toFixed(0)} KB` }),
    },
    {
      what: `posthorn starts in at most ${programLimits.timesEmptyStart} times the time of an empty program`,
      ...(times > programLimits.timesEmptyStart && { missedBy: `${times.toFixed(2)} times` }),
    },
  ];
}

export const ingestion = 'api/post-message';

/**
 * Each message pays for the size of the function that accepts it. It had 640 KB before the API had everything that an SDK
 * calls (0.1.0), measured with the same command, and has 360 KB now: it must not grow unnoticed.
 */
const limits = { kilobytes: 700, ingestionKilobytes: 400, ingestionLoadMs: 150 };

/** They have the sandbox in their bundle, as text that only its threads load. */
const transforming: ReadonlySet<string> = new Set(
  ['deliver-standard', 'deliver-slow', 'deliver-fifo'].map((name) => `queue-workers/${name}`),
);

/**
 * Compares functions with their limits.
 *
 * @throws if the function that accepts messages is not among them
 */
export function checkSizes(functions: readonly MeasuredFunction[]): readonly Aim[] {
  const accepting = functions.find(({ name }) => name === ingestion);
  if (!accepting) throw new Error(`there is no function ${ingestion}`);
  const large = functions.filter(({ name, kilobytes }) => !transforming.has(name) && kilobytes >= limits.kilobytes);
  const { kilobytes, loadMs } = accepting;
  return [
    {
      what: `every function but those with transformations is under ${limits.kilobytes} KB`,
      ...(large.length > 0 && { missedBy: large.map(({ name }) => name).join(', ') }),
    },
    {
      what: `${ingestion} has at most ${limits.ingestionKilobytes} KB`,
      ...(kilobytes > limits.ingestionKilobytes && { missedBy: `${kilobytes.toFixed(0)} KB` }),
    },
    {
      what: `${ingestion} loads in under ${limits.ingestionLoadMs} ms`,
      ...(loadMs >= limits.ingestionLoadMs && { missedBy: `${loadMs.toFixed(0)} ms` }),
    },
  ];
}
