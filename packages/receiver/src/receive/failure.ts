import type { Answer } from './answer.ts';

/** What is known of the message that an error is about. */
export interface ErrorContext {
  /** Undefined until the signature has been checked. */
  readonly messageId: string | undefined;
}

type OnError = (error: unknown, about: ErrorContext) => unknown;
type AnswerFailure = (answer: Answer, error: unknown, about: ErrorContext) => Promise<Answer>;

/** How long an answer waits for `onError`: long enough to send a report, and well below the 15 seconds of a sender. */
const maxReportMs = 3_000;

/**
 * Makes the function that reports an error, and then returns its answer. It waits for an `onError` that is an async
 * function, because some platforms stop a program as soon as it has answered. It never fails.
 */
export function createFailureAnswer(onError?: OnError): AnswerFailure {
  return async (answer, error, about) => {
    const report = onError ?? (answer.status >= 500 ? writeToStderr : undefined);
    const reported = new Promise((resolve) => resolve(report?.(error, about)));
    await waitForReport(reported.catch(() => undefined));
    return answer;
  };
}

function waitForReport(reported: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, maxReportMs);
    reported.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

const writeToStderr: OnError = (error, { messageId }) =>
  console.error(`A webhook has failed${messageId === undefined ? '' : ` (${messageId})`}:`, error);
