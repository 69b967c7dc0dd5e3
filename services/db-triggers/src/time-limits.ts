import type { CallLimits } from '@posthorn/aws-calls/call-limits';

/** Time limit of every trigger. */
export const functionTimeoutSeconds = 60;

/** A call to a table or queue that takes longer fails. The trigger then reports which records are to come again. */
export const callLimits: CallLimits = { tryMs: 5_000, totalMs: 15_000 };
