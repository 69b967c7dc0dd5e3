import { type AttemptOut, attemptStatus, attemptTriggerType } from '@posthorn/contracts/api/attempt';
import type { Attempt } from '@posthorn/core';

/** An attempt in an answer. Without content its response is `{}`. */
export function toAttemptOut(attempt: Attempt, withContent: boolean): AttemptOut {
  const statusText = attempt.status === 'succeeded' ? 'success' : 'fail';
  return {
    id: attempt.attemptId,
    url: attempt.url,
    response: withContent ? attempt.response : '{}',
    responseStatusCode: attempt.responseStatusCode,
    responseDurationMs: attempt.responseDurationMs,
    status: attemptStatus[statusText],
    statusText,
    triggerType: attemptTriggerType[attempt.trigger],
    msgId: attempt.messageId,
    endpointId: attempt.endpointId,
    timestamp: attempt.attemptedAt.toISOString(),
  };
}
