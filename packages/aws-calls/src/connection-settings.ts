import type { CallLimits } from './call-limits.ts';

/**
 * Longer than the second after which a kernel sends a lost SYN again. A server drops them when many connections arrive at
 * once: DynamoDB Local queues 50. At one second or less the client would give up just before that helps.
 */
const connectionTimeoutMs = 2_500;
const maxSockets = 100;

/** The `requestHandler` of an AWS client: connections are kept, and a try that takes too long fails. */
export const connectionSettings = ({ tryMs }: CallLimits) => ({
  connectionTimeout: Math.min(connectionTimeoutMs, tryMs),
  requestTimeout: tryMs,
  throwOnRequestTimeout: true,
  httpAgent: { keepAlive: true, maxSockets },
  httpsAgent: { keepAlive: true, maxSockets },
});
