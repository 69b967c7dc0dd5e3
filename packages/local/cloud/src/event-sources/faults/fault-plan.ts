/** What goes wrong on purpose in a test of a service. All of it can happen on AWS. */
export interface FaultPlan {
  /** The share of a queue's batches (0 to 1) that are delivered twice. */
  readonly duplicate?: number;
  /** Messages of a standard queue come in another order. */
  readonly reorder?: boolean;
  /** The process dies by SIGKILL after this function's nth success, before that is acknowledged. */
  readonly exitAfterEffect?: { readonly function: string; readonly nth: number };
}

/** The faults of `EVENT_SOURCE_FAULTS`, which is JSON, or of the service's configuration. */
export const readFaultPlan = (environment: string | undefined, configured: FaultPlan = {}): FaultPlan =>
  environment ? (JSON.parse(environment) as FaultPlan) : configured;

export interface Faults {
  /** Whether this batch comes twice. */
  duplicates(): boolean;
  /** The messages in the order in which they are handed over. */
  reorder<Item>(items: readonly Item[]): readonly Item[];
  /** To be called between a function's success and its acknowledgement. */
  afterEffect(functionKey: string): void;
}

export interface FaultDeps {
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly die: () => void;
}

export function createFaults(plan: FaultPlan, { random, die }: FaultDeps): Faults {
  let effects = 0;
  return {
    duplicates: () => random() < (plan.duplicate ?? 0),
    reorder: (items) => (plan.reorder === true ? shuffle(items, random) : items),
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
