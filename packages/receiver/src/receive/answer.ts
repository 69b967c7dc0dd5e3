import { LeaseLostError, StoreError } from '../once/store.ts';
import { WebhookError, type WebhookErrorCode } from '../webhook-error.ts';

/** What to answer to a request, for any server. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The longest body that is accepted unless the receiver says otherwise. */
export const defaultMaxBodyBytes = 1_048_576;

export const doneAnswer: Answer = { status: 204, headers: {}, body: '' };
/** 200, to tell it from a message that was handled now. */
export const alreadyDoneAnswer: Answer = answerJson(200, 'already_done', 'This message was handled before.');

/** @param retryAfterSeconds - when the sender should try again */
export const inProgressAnswer = (retryAfterSeconds: number): Answer =>
  withRetryAfter(answerJson(503, 'in_progress', 'Another run is handling this message.'), retryAfterSeconds);

/** The answer to what a handler has thrown. It tells nothing of that. */
export const handlerFailedAnswer = answerJson(500, 'handler_failed', 'The message could not be handled.');

/** The answer to an error of the kit itself: of `verify` or of the store. */
export function answerError(error: unknown): Answer {
  if (error instanceof WebhookError) {
    const answer = answerJson(error.status, error.code, detailsForStrangers[error.code] ?? error.message);
    return { ...answer, headers: { ...answer.headers, ...headersOfCodes[error.code] } };
  }
  // The run that has the message decides. The next try finds out how it ended.
  if (error instanceof LeaseLostError) return inProgressAnswer(1);
  if (error instanceof StoreError) return answerJson(503, 'store_failed', 'It is not known whether this was handled.');
  return handlerFailedAnswer;
}

/** In place of texts that tell of the receiver's keys or clock. Those are for `onError`: anybody can cause an answer. */
const detailsForStrangers: Partial<Record<WebhookErrorCode, string>> = {
  timestamp_too_old: 'The message is too old.',
  timestamp_too_new: 'The message is from the future.',
  no_usable_signature: 'The message has no signature that can be checked here.',
  signature_mismatch: 'No signature fits.',
};

/** What HTTP asks for beside the status. */
const headersOfCodes: Partial<Record<WebhookErrorCode, Readonly<Record<string, string>>>> = {
  method_not_allowed: { allow: 'POST' },
  body_encoded: { 'accept-encoding': 'identity' },
};

function answerJson(status: number, code: string, detail: string): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ code, detail }) };
}

const withRetryAfter = (answer: Answer, seconds: number): Answer => ({
  ...answer,
  headers: { ...answer.headers, 'retry-after': String(seconds) },
});
