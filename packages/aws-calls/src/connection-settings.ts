import type { CallLimits } from './call-limits.ts';

/**
 * A server drops SYN packets when many connections arrive at once (DynamoDB Local queues 50). The kernel sends a lost
 * SYN again after one second. The limit is longer than that, so that the second SYN can still succeed.
 */
const connectionTimeoutMs = 2_500;
const maxSockets = 100;

/** The `requestHandler` of an AWS client: it keeps connections open, and ends a try that takes too long. */
export const connectionSettings = ({ tryMs }: CallLimits) => ({
  connectionTimeout: Math.min(connectionTimeoutMs, tryMs),
  requestTimeout: tryMs,
  throwOnRequestTimeout: true,
  httpAgent: { keepAlive: true, maxSockets },
  httpsAgent: { keepAlive: true, maxSockets },
});
