import { type AttemptOut, attemptTriggerType } from '@posthorn/contracts/api/attempt';
import { type Attempt, type ListedMessage, type MessageStatus, wasCanceledByCode } from '@posthorn/core';
import { toBareMessageOut } from '../messages/message-out.ts';
import { toStatusOut } from './status-out.ts';

/** What an answer shows of an attempt. */
interface AttemptView {
  /** Without content, the response is `{}`. */
  readonly withContent: boolean;
  readonly isExpanded: boolean;
  /** null if the message is no longer kept; absent if it was not asked for. */
  readonly message?: ListedMessage | null;
}

/** An attempt in an answer. */
export const toAttemptOut = (attempt: Attempt, { withContent, isExpanded, message }: AttemptView): AttemptOut => ({
  id: attempt.attemptId,
  url: attempt.url,
  response: withContent ? attempt.response : '{}',
  responseStatusCode: attempt.responseStatusCode,
  responseDurationMs: attempt.responseDurationMs,
  ...toStatusOut(statusOfAttempt(attempt), isExpanded),
  triggerType: attemptTriggerType[attempt.trigger],
  msgId: attempt.messageId,
  endpointId: attempt.endpointId,
  timestamp: attempt.attemptedAt.toISOString(),
  ...(message !== undefined && { msg: message && toBareMessageOut(message) }),
});

function statusOfAttempt(attempt: Attempt): MessageStatus {
  if (wasCanceledByCode(attempt)) return 'canceled';
  return attempt.status === 'succeeded' ? 'success' : 'fail';
}
