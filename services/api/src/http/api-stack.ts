import middy from '@middy/core';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import type { Log } from '@posthorn/platform';
import { answerEarlyMs } from '../time-limits.ts';
import { answerHeaders } from './answer-headers.ts';
import type { ApiAnswer, ApiEvent } from './api-event.ts';
import { bodyText } from './body-text.ts';
import { OutOfTime, problemAnswers } from './problem-answers.ts';
import { type LogRequest, requestLog } from './request-log.ts';
import { requireAnswer } from './require-answer.ts';

/** Where the middleware writes to. */
export interface ApiLogs {
  readonly log: Log;
  /** The access log. */
  readonly logRequest: LogRequest;
}

/** The middleware of every function. Header names are changed to lower case, because not every HTTP server does that. */
export const createApiStack = ({ log, logRequest }: ApiLogs) =>
  middy<ApiEvent, ApiAnswer>({ timeoutEarlyInMillis: answerEarlyMs, timeoutEarlyResponse: refuseOutOfTime })
    .use(requestLog(logRequest))
    .use(answerHeaders())
    .use(problemAnswers(log))
    .use(requireAnswer())
    .use(httpHeaderNormalizer())
    .use(bodyText());

function refuseOutOfTime(): never {
  throw new OutOfTime();
}
