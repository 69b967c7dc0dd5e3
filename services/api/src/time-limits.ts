import type { CallLimits } from '@posthorn/aws-calls/call-limits';

/**
 * Time limit of every function of the API. API Gateway waits 30 s. A writer takes over the names of another one after
 * 60 s, so no function may run that long.
 */
export const functionTimeoutSeconds = 25;

/**
 * Time limit of the function that polls: a poll can be held for 25 s on one machine, and is read once more then. On AWS it
 * is answered at once.
 */
export const pollerTimeoutSeconds = 29;

/** How long before the function's timeout a request that is not done yet is answered with 503. */
export const answerEarlyMs = 1_000;

/** A call to a table that takes longer fails, and the request is answered with 503. */
export const callLimits: CallLimits = { tryMs: 4_000, totalMs: 10_000 };
