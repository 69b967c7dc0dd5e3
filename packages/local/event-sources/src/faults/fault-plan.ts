/** Faults that a test causes on purpose. All of them can happen on AWS. */
export interface FaultPlan {
  /** The share of a queue's batches (0 to 1) that are delivered twice. */
  readonly duplicate?: number;
  /** Whether messages of a standard queue are delivered in another order. */
  readonly reorder?: boolean;
  /** The share of a stream's batches (0 to 1) that are cut in two at any place. */
  readonly cut?: number;
  /** The share of a stream's batches (0 to 1) that a function handles, but whose success gets lost: they are tried again. */
  readonly replay?: number;
  /** The process kills itself with SIGKILL after the nth success of this function, before the acknowledgement. */
  readonly exitAfterEffect?: { readonly function: string; readonly nth: number };
}

/** Returns the faults of `EVENT_SOURCE_FAULTS` (JSON) if it is set, else those of the service's configuration. */
export const readFaultPlan = (environment: string | undefined, configured: FaultPlan = {}): FaultPlan =>
  environment ? (JSON.parse(environment) as FaultPlan) : configured;

export interface Faults {
  /** Whether this batch is delivered twice. */
  duplicates(): boolean;
  /** Returns the messages in the order in which the function gets them. */
  reorder<Item>(items: readonly Item[]): readonly Item[];
  /** At how many changes a batch of a stream ends that has this many. */
  cutAt(count: number): number;
  /** Whether the success of this batch of a stream gets lost. */
  replays(): boolean;
  /** Must be called between the success of a function and its acknowledgement. */
  afterEffect(functionKey: string): void;
}

export interface FaultDeps {
  /** Returns a number from 0 to below 1. */
  readonly random: () => number;
  readonly die: () => void;
}

export function createFaults(plan: FaultPlan, { random, die }: FaultDeps): Faults {
  let effects = 0;
  return {
    duplicates: () => random() < (plan.duplicate ?? 0),
    reorder: (items) => (plan.reorder === true ? shuffle(items, random) : items),
    cutAt: (count) => (count > 1 && random() < (plan.cut ?? 0) ? 1 + Math.floor(random() * (count - 1)) : count),
    replays: () => random() < (plan.replay ?? 0),
    afterEffect(functionKey) {
      if (functionKey !== plan.exitAfterEffect?.function) return;
      effects += 1;
      if (effects === plan.exitAfterEffect.nth) die();
    },
  };
}

function shuffle<Item>(items: readonly Item[], random: () => number): readonly Item[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ item }) => item);
}

export const noFaults: Faults = createFaults({}, { random: () => 1, die: () => undefined });
