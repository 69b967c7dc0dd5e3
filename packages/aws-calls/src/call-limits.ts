/** Time limits of a call to AWS, in milliseconds. */
export interface CallLimits {
  /** Of one try, until its response begins. The next try comes after a short pause. */
  readonly tryMs: number;
  /** Of the whole call with all its tries and pauses. */
  readonly totalMs: number;
}

/** For programs that have no timeout of their own. */
export const patientLimits: CallLimits = { tryMs: 5_000, totalMs: 20_000 };
