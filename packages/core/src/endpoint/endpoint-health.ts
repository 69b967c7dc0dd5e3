/**
 * What the recent attempts say about an endpoint. Absent on an endpoint that has not failed. The attempts trigger writes
 * it when it changes a decision, so the counts and times can be behind the attempts (ADR 0045).
 */
export interface EndpointHealth {
  /** Failed attempts since the last success, counted up to `breakerPolicy.failuresToOpen`. */
  readonly failures: number;
  /** The time of the first of these failures. Absent if there are none. */
  readonly failingSince?: Date;
  /** The last failure that was counted. Failures up to this time are not counted again when their batch is replayed. */
  readonly lastFailureAt?: Date;
  /** The last success that was stored. Older failures do not count. */
  readonly lastSuccessAt?: Date;
  /** Present while the endpoint is protected: its deliveries are held, or the held ones are being drained. */
  readonly breaker?: Breaker;
  /** Deliveries go to the queue for slow endpoints until this time. */
  readonly slowUntil?: Date;
}

/**
 * The breaker of an endpoint. Without `drained` it is open: deliveries are held until `openUntil`, then one of them is
 * attempted as a probe. With `drained` the endpoint has recovered: new deliveries are attempted, and the held ones follow
 * step by step.
 */
export interface Breaker {
  /** Changes with every step, and never comes back: it is at least the time of the step in milliseconds. */
  readonly epoch: number;
  /** The time of the next probe, or of the next step of the drain. */
  readonly openUntil: Date;
  /** How many probes were made without success since the breaker opened. */
  readonly step: number;
  /** How many steps of the drain were made. Absent while the breaker is open. */
  readonly drained?: number;
}

/** Health with a breaker. */
export type ProtectedHealth = EndpointHealth & { readonly breaker: Breaker };

/** When a breaker opens, and how it finds out that the endpoint has recovered. */
export interface BreakerPolicy {
  /** It opens after this many failures in a row … */
  readonly failuresToOpen: number;
  /** … if the last of them was at least this long after the first one. */
  readonly failingMsToOpen: number;
  /** The wait before each probe, in milliseconds. The last one is used for all later probes. */
  readonly probeWaitsMs: readonly number[];
  /** The time between two steps of the drain, in milliseconds. */
  readonly drainEveryMs: number;
  /** The most deliveries that a step of the drain sends. The first step sends one, and each step twice as many. */
  readonly maxDrained: number;
}

const minuteMs = 60_000;

/** Ten failures in a row over at least ten seconds; probes after 30 s, then 1, 2, 4, 8, 15 min; up to 100 a second. */
export const breakerPolicy: BreakerPolicy = {
  failuresToOpen: 10,
  failingMsToOpen: 10_000,
  probeWaitsMs: [minuteMs / 2, minuteMs, 2 * minuteMs, 4 * minuteMs, 8 * minuteMs, 15 * minuteMs],
  drainEveryMs: 2_000,
  maxDrained: 200,
};
