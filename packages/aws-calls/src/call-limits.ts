/** Time limits of a call to AWS, in milliseconds. */
export interface CallLimits {
  /** Limit of one try, until its response begins. The next try follows after a short pause. */
  readonly tryMs: number;
  /** Limit of the whole call, with all its tries and pauses. */
  readonly totalMs: number;
}

/** For programs that have no timeout of their own. */
export const patientLimits: CallLimits = { tryMs: 5_000, totalMs: 20_000 };
