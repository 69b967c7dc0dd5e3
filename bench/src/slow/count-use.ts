/** What was used of AWS. */
export interface Use {
  readonly attempts: number;
  readonly failed: number;
  readonly held: number;
  readonly invocations: number;
  readonly gigabyteSeconds: number;
  readonly queueRequests: number;
  readonly writeUnits: number;
  readonly readUnits: number;
}

const maxQueueDelayMs = 900_000;

/** Counts what the workers use. Fan-out and the API are not counted: they cost the same in each case. */
export function countUse() {
  const counts = {
    attempts: 0,
    failed: 0,
    held: 0,
    invocations: 0,
    gigabyteSeconds: 0,
    queueRequests: 0,
    writeUnits: 0,
    readUnits: 0,
  };
  return {
    counts: (): Use => counts,
    invocation(seconds: number, memoryMb: number): void {
      counts.invocations += 1;
      counts.gigabyteSeconds += (seconds * memoryMb) / 1_024;
      // Its batch is received and deleted.
      counts.queueRequests += 2;
    },
    send(): void {
      counts.queueRequests += 1;
    },
    /** The worker reads attempt, endpoint and message. */
    look(): void {
      counts.readUnits += 3;
    },
    /** The record with its index. A failed delivery has a row with an index too. */
    attempt(hasFailed: boolean): void {
      counts.attempts += 1;
      counts.writeUnits += 2;
      if (!hasFailed) return;
      counts.failed += 1;
      counts.writeUnits += 2;
    },
    hold(): void {
      counts.held += 1;
      counts.writeUnits += 2;
    },
    /** A retry beyond the queue's delay is a row that is put, read and deleted. */
    plan(waitMs: number): void {
      if (waitMs <= maxQueueDelayMs) return;
      counts.writeUnits += 2;
      counts.readUnits += 1;
    },
    /** A transaction: the parked row with its index, the group's row, and the row of the wake if there is one. */
    park(hasWake: boolean): void {
      counts.writeUnits += hasWake ? 7 : 5;
    },
    /** The wake's row is released, and a job on the standard queue brings it at the second. */
    wake(): void {
      counts.writeUnits += 1;
      counts.readUnits += 1;
      counts.queueRequests += 4;
    },
    /** A parked row is deleted, with its index. */
    unpark(): void {
      counts.writeUnits += 2;
    },
    /** A group's row is deleted, or a slot is reserved. */
    write(): void {
      counts.writeUnits += 1;
    },
    healthWrite(): void {
      counts.writeUnits += 1;
    },
  };
}
