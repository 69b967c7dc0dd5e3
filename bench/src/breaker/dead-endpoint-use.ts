/** What 1,000 messages to a dead endpoint took. */
export interface DeadEndpointUse {
  readonly failedRequests: number;
  /** Of the workers that deliver: attempts, holds and wakes. */
  readonly workerSeconds: number;
  /** Deliveries that a worker stored as held. A delivery can be held more than once. */
  readonly holds: number;
  /** Steps of the breaker: probes, and steps of the drain. */
  readonly wakes: number;
  /** Runs of a worker or of the attempts trigger. Each job is one run: so slow a traffic makes no batches. */
  readonly invocations: number;
  /** Of DynamoDB: records of attempts, rows of deliveries, due rows, wakes, health. */
  readonly writeUnits: number;
}

/**
 * Write units. A change of a stored delivery costs its row and its entry in the index. If its state changes, the entry
 * moves: one is deleted and one is put. `packages/models/src/write-units.test.ts` measures them.
 */
const units = {
  firstSuccess: 1,
  attempt: 2,
  rowPut: 2,
  rowMoved: 3,
  rowDeleted: 2,
  /** It is put and deleted. */
  dueRow: 2,
  health: 1,
} as const;

/** The worker reads the record, the endpoint and the message, and writes: some calls of 5 ms each. */
const ownMs = 40;
const maxQueueDelayMs = 900_000;

export function countDeadEndpointUse() {
  const use = { failedRequests: 0, workerSeconds: 0, holds: 0, wakes: 0, invocations: 0, writeUnits: 0 };
  const run = (ms = 0) => {
    use.invocations += 1;
    use.workerSeconds += (ownMs + ms) / 1_000;
  };
  return {
    use: (): DeadEndpointUse => use,
    /** @param isStored - whether the delivery has a row */
    succeeded(durationMs: number, isStored: boolean): void {
      run(durationMs);
      use.writeUnits += isStored ? units.attempt + units.rowDeleted : units.firstSuccess;
    },
    failed(durationMs: number, isStored: boolean): void {
      run(durationMs);
      use.failedRequests += 1;
      // A row that stays planned is put again: its entry in the index stays where it is.
      use.writeUnits += units.attempt + (isStored ? 2 : units.rowPut);
    },
    /** The delivery is stored as failed, in place of the row that a retry would have. */
    exhausted(): void {
      use.writeUnits += units.rowMoved - units.rowPut;
    },
    retryPlanned(waitMs: number): void {
      if (waitMs > maxQueueDelayMs) use.writeUnits += units.dueRow;
    },
    held(isStored: boolean): void {
      run();
      use.holds += 1;
      use.writeUnits += isStored ? units.rowMoved : units.rowPut;
    },
    /** A step of the breaker sent so many held deliveries. */
    woken(released: number): void {
      run();
      use.wakes += 1;
      use.writeUnits += units.dueRow + released * units.rowMoved;
    },
    /** The trigger saw attempts. */
    watched(): void {
      use.invocations += 1;
    },
    healthStored(): void {
      use.writeUnits += units.health;
    },
  };
}
