/** How many days attempts are stored. */
export interface AttemptRetention {
  readonly successDays: number;
  readonly failureDays: number;
}

/** Failures are stored for longer: they are what a person looks for. */
export const defaultAttemptRetention: AttemptRetention = { successDays: 30, failureDays: 90 };
