import { randomUUID } from 'node:crypto';
import { type AnsweredRequest, anyOrigin, sentRequestIdOf } from '@posthorn/contracts/api/request-facts';
import { type Answer, failureAnswer } from './write-answer.ts';

/** Why the server itself answers a request. */
export interface Failure {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

/** What is known of a request that no function has answered. */
export interface FailedRequest {
  readonly method?: string | undefined;
  readonly path?: string | undefined;
  readonly sentRequestId?: string | string[] | undefined;
  /** Of the invocation, if there was one. */
  readonly requestId?: string;
  readonly startedAt?: number;
}

/** The answer to such a request, and its line in the access log. Both have its ids. */
export interface AnsweredFailure {
  readonly answer: Answer;
  readonly line: AnsweredRequest;
}

/** Answers a request that no function has answered as the functions do: any page may read it, and it has the ids. */
export function answerFailure({ status, code, detail }: Failure, request: FailedRequest = {}): AnsweredFailure {
  const { method, path, requestId = randomUUID(), startedAt } = request;
  const sentRequestId = sentRequestIdOf(request.sentRequestId);
  const answer = failureAnswer(status, code, detail);
  // Connections come free at any time.
  const retry = status === 429 ? { 'retry-after': '1' } : {};
  const ids = { 'x-request-id': requestId, ...(sentRequestId !== undefined && { 'svix-req-id': sentRequestId }) };
  const durationMs = startedAt === undefined ? 0 : Math.round(performance.now() - startedAt);
  return {
    answer: { ...answer, headers: { ...answer.headers, ...anyOrigin, ...retry, ...ids } },
    line: { method, path, requestId, sentRequestId, status, reason: code, durationMs },
  };
}
