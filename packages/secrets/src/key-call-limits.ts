import type { CallLimits } from '@posthorn/aws-calls/call-limits';

/**
 * Time limits of a call to KMS or Secrets Manager: they leave time for the request to the endpoint in the same
 * function.
 */
export const keyCallLimits: CallLimits = { tryMs: 1_500, totalMs: 3_500 };
