import * as z from 'zod/mini';
import { component, described } from './documentation.ts';
import { emptyOut, instant } from './fields.ts';
import { defineOperations } from './operation.ts';
import { listOf, timeLimitedListQuery } from './paging.ts';

const digits = (values: readonly [string, ...string[]]) => z.pipe(z.enum(values), z.transform(Number));

/** Attempts, filtered by their status and by the class of the answer's status code. */
export const attemptListQuery = z.extend(timeLimitedListQuery, {
  status: z.optional(digits(['0', '1', '2', '3', '4'])),
  status_code_class: z.optional(digits(['0', '100', '200', '300', '400', '500'])),
  endpoint_id: z.optional(z.string()),
});
export type AttemptListQuery = z.output<typeof attemptListQuery>;

/** The number of each status. */
export const attemptStatus = { success: 0, pending: 1, fail: 2, sending: 3, canceled: 4 } as const;

/** The number of each reason for an attempt. */
export const attemptTriggerType = { scheduled: 0, manual: 1 } as const;

export const attemptOut = component(
  'MessageAttemptOut',
  z.object({
    id: z.string(),
    url: z.string(),
    response: z.string(),
    responseStatusCode: described('0 if the endpoint did not answer.', z.int()),
    responseDurationMs: z.int(),
    status: described(
      '0 success, 2 fail. The other statuses are not used yet: an attempt is listed after it ended.',
      z.int(),
    ),
    statusText: z.enum(['success', 'pending', 'fail', 'sending', 'canceled']),
    triggerType: described('0 scheduled, 1 manual.', z.int()),
    msgId: z.string(),
    endpointId: z.string(),
    timestamp: instant,
  }),
);
export type AttemptOut = z.output<typeof attemptOut>;

const attemptListOut = listOf('MessageAttemptOut', attemptOut);

const application = '/api/v1/app/{app_id}';

export const attemptOperations = defineOperations('attempts', {
  'v1.message-attempt.list-by-endpoint': {
    method: 'GET',
    path: `${application}/attempt/endpoint/{endpoint_id}`,
    access: 'application',
    summary: 'List the attempts of an endpoint',
    query: z.omit(attemptListQuery, { endpoint_id: true }),
    answers: { 200: attemptListOut },
  },
  'v1.message-attempt.list-by-msg': {
    method: 'GET',
    path: `${application}/attempt/msg/{msg_id}`,
    access: 'application',
    summary: 'List the attempts of a message',
    query: attemptListQuery,
    answers: { 200: attemptListOut },
  },
  'v1.message-attempt.get': {
    method: 'GET',
    path: `${application}/msg/{msg_id}/attempt/{attempt_id}`,
    access: 'application',
    summary: 'Get an attempt',
    answers: { 200: attemptOut },
  },
  'v1.message-attempt.resend': {
    method: 'POST',
    path: `${application}/msg/{msg_id}/endpoint/{endpoint_id}/resend`,
    access: 'application',
    summary: 'Send a message again',
    answers: { 202: emptyOut },
    answerNames: 'nothing',
  },
});
