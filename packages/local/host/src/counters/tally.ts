/** What tells the things apart that one name counts. */
interface CountedOf {
  readonly applicationId?: string;
  readonly outcome?: string;
}

/** The counters that a function adds to, in the form that the functions expect. */
interface FunctionCounters {
  add(name: string, value: number, of?: CountedOf): void;
  flush(): void;
}

/** What was counted of one application. */
export interface ApplicationCounts {
  accepted: number;
  delivered: number;
  failedAttempts: number;
}

/** Counts what the functions of this process do, since it was started. */
export interface Tally {
  /** The functions call it for their counters. */
  createCounters(service: string): FunctionCounters;
  sumOf(name: string): number;
  /** The names and their sums. */
  sums(): Iterable<readonly [name: string, sum: number]>;
  /** How attempts ended, with their numbers. */
  outcomes(): Iterable<readonly [outcome: string, count: number]>;
  applications(): Iterable<readonly [applicationId: string, counts: ApplicationCounts]>;
}

/** Names of the functions' counters, and what they mean for an application. */
const fieldOf: Readonly<Record<string, keyof ApplicationCounts>> = {
  MessagesFannedOut: 'accepted',
  AttemptsSucceeded: 'delivered',
  AttemptsFailed: 'failedAttempts',
};

/** So many applications are counted. The one that was seen first is forgotten for a new one. */
const maxApplications = 10_000;

/** Creates counters that stay in memory. */
export function createTally(limit = maxApplications): Tally {
  const sums = new Map<string, number>();
  const outcomes = new Map<string, number>();
  const applications = new Map<string, ApplicationCounts>();
  const countsOf = (applicationId: string): ApplicationCounts => {
    const known = applications.get(applicationId);
    if (known) return known;
    const [first] = applications.keys();
    if (applications.size >= limit && first !== undefined) applications.delete(first);
    const counts = { accepted: 0, delivered: 0, failedAttempts: 0 };
    applications.set(applicationId, counts);
    return counts;
  };
  const counters: FunctionCounters = {
    add(name, value, { applicationId, outcome } = {}) {
      increase(sums, name, value);
      if (outcome !== undefined) increase(outcomes, outcome, value);
      const field = fieldOf[name];
      if (field !== undefined && applicationId !== undefined) countsOf(applicationId)[field] += value;
    },
    flush: () => undefined,
  };
  return {
    createCounters: () => counters,
    sumOf: (name) => sums.get(name) ?? 0,
    sums: () => sums.entries(),
    outcomes: () => outcomes.entries(),
    applications: () => applications.entries(),
  };
}

function increase(sums: Map<string, number>, name: string, value: number): void {
  sums.set(name, (sums.get(name) ?? 0) + value);
}
