import type { CallLimits } from '@posthorn/aws-calls/call-limits';

/** Time limit of the function that releases due deliveries: it is invoked every minute. */
export const releaseTimeoutSeconds = 55;

/**
 * A call to a table or queue that takes longer fails, and its job is reported as failed. One such call, one exchange with
 * an endpoint (15 s) and the second for which a worker waits for a turn fit into its time limit (22 s).
 */
export const callLimits: CallLimits = { tryMs: 2_000, totalMs: 4_000 };
