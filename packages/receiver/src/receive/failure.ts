import { type Answer, answerError } from './answer.ts';

/** What is known of the message that an error is about. */
export interface ErrorContext {
  /** Undefined until the signature has been checked. */
  readonly messageId: string | undefined;
}

type OnError = (error: unknown, about: ErrorContext) => unknown;

/** Makes the function that reports an error and returns what to answer. Neither of the two can fail. */
export function createFailureAnswer(onError?: OnError): (error: unknown, about: ErrorContext) => Answer {
  return (error, about) => {
    const answer = answerError(error);
    const report = onError ?? (answer.status >= 500 ? writeToStderr : undefined);
    // Also for an onError that is an async function.
    new Promise((resolve) => resolve(report?.(error, about))).catch(() => undefined);
    return answer;
  };
}

const writeToStderr: OnError = (error, { messageId }) =>
  console.error(`A webhook has failed${messageId === undefined ? '' : ` (${messageId})`}:`, error);
