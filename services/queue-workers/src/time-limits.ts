import type { CallLimits } from '@posthorn/aws-calls/call-limits';

/** Time limit of the function that releases due deliveries: it is invoked every minute. */
export const releaseTimeoutSeconds = 55;

/**
 * A call to a table or queue that takes longer fails, and its job is reported as failed. One such call, one exchange with
 * an endpoint (15 s), the second for which a worker waits for a turn, and the code of the endpoint's owner (7 s) fit into its
 * time limit (28 s).
 */
export const callLimits: CallLimits = { tryMs: 2_000, totalMs: 4_000 };
