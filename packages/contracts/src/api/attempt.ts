import * as z from 'zod/mini';
import { component, described, writtenAs } from './documentation.ts';
import { emptyOut, instant, throttleRate } from './fields.ts';
import { messageOut } from './message.ts';
import { defineOperations } from './operation.ts';
import { idIterator, listOf, timeLimitedListQuery, truth } from './paging.ts';
import { problemOut } from './problem.ts';

/** One of some numbers in a query string. */
const digits = (values: readonly [string, ...string[]]) =>
  writtenAs({ type: 'integer', enum: values.map(Number) }, z.pipe(z.enum(values), z.transform(Number)));

const status = z.optional(digits(['0', '1', '2', '3', '4']));
/** Whether canceled is shown as 4. Otherwise it is shown and found as 0, for clients that do not know it. */
const expandedStatuses = z.optional(truth);

const attemptListQuery = z.extend(timeLimitedListQuery, {
  ...idIterator('attempt'),
  status,
  status_code_class: z.optional(digits(['0', '100', '200', '300', '400', '500'])),
  tag: z.optional(z.string()),
  expanded_statuses: expandedStatuses,
});
export type AttemptListQuery = z.output<typeof attemptListQuery>;

/** The attempts of an endpoint. */
const endpointAttemptListQuery = z.extend(attemptListQuery, { with_msg: z.optional(truth) });
export type EndpointAttemptListQuery = z.output<typeof endpointAttemptListQuery>;

/** The attempts of a message. */
const messageAttemptListQuery = z.extend(attemptListQuery, { endpoint_id: z.optional(z.string()) });
export type MessageAttemptListQuery = z.output<typeof messageAttemptListQuery>;

const attemptedMessageListQuery = z.extend(timeLimitedListQuery, {
  ...idIterator('message'),
  status,
  tag: z.optional(z.string()),
  expanded_statuses: expandedStatuses,
});
export type AttemptedMessageListQuery = z.output<typeof attemptedMessageListQuery>;

const attemptedDestinationListQuery = z.extend(z.pick(timeLimitedListQuery, { limit: true }), idIterator('endpoint'));
export type AttemptedDestinationListQuery = z.output<typeof attemptedDestinationListQuery>;

/** The number of each status. */
export const attemptStatus = { success: 0, pending: 1, fail: 2, sending: 3, canceled: 4 } as const;

const statusText = z.enum(['success', 'pending', 'fail', 'sending', 'canceled']);

/** The number of each reason for an attempt. */
export const attemptTriggerType = { scheduled: 0, manual: 1 } as const;

/** One of some numbers in an answer. */
const oneOf = (values: Readonly<Record<string, number>>) =>
  writtenAs(
    { type: 'integer', enum: Object.values(values) },
    z.int().check(z.refine((value) => Object.values(values).includes(value))),
  );

export const attemptOut = component(
  'MessageAttemptOut',
  z.object({
    id: z.string(),
    url: z.string(),
    response: z.string(),
    responseStatusCode: described(
      '0 if the endpoint did not answer, and if its transformation canceled.',
      z.int().check(z.minimum(0), z.maximum(999)),
    ),
    responseDurationMs: z.int().check(z.minimum(0)),
    status: described(
      '0 success, 2 fail, 4 canceled by the transformation of the endpoint. An attempt is listed after it has ended, so ' +
        '1 and 3 do not occur. Without `expanded_statuses`, 4 is shown as 0.',
      oneOf(attemptStatus),
    ),
    statusText,
    triggerType: described('0 scheduled, 1 manual.', oneOf(attemptTriggerType)),
    msgId: z.string(),
    endpointId: z.string(),
    timestamp: instant,
    msg: z.optional(
      described(
        'Only with `with_msg`: the message without its payload. null if it is no longer kept.',
        z.nullable(messageOut),
      ),
    ),
  }),
);
export type AttemptOut = z.output<typeof attemptOut>;

const attemptListOut = listOf('MessageAttemptOut', attemptOut);

/** Where a message stands at an endpoint. */
const standing = {
  status: described(
    '0 success: an attempt succeeded. 1 pending: it waits untried. 2 fail. 3 sending: it failed, and goes on. ' +
      '4 canceled: it ended untried, or the transformation of the endpoint canceled it.',
    oneOf(attemptStatus),
  ),
  statusText,
  nextAttempt: described('null if no time is planned.', z.nullable(instant)),
};

const endpointMessageOut = component('EndpointMessageOut', z.extend(messageOut, standing));
export type EndpointMessageOut = z.output<typeof endpointMessageOut>;

const messageEndpointOut = component(
  'MessageEndpointOut',
  z.object({
    id: z.string(),
    uid: z.nullable(z.string()),
    url: z.string(),
    description: z.string(),
    disabled: z.boolean(),
    eventTypes: z.nullable(z.array(z.string())),
    channels: z.nullable(z.array(z.string())),
    throttleRate: z.nullable(throttleRate),
    createdAt: instant,
    updatedAt: instant,
    ...standing,
  }),
);
export type MessageEndpointOut = z.output<typeof messageEndpointOut>;

const application = '/api/v1/app/{app_id}';

export const attemptOperations = defineOperations('attempts', {
  'v1.message-attempt.list-by-endpoint': {
    method: 'GET',
    path: `${application}/attempt/endpoint/{endpoint_id}`,
    access: 'application',
    summary: 'List the attempts of an endpoint',
    query: endpointAttemptListQuery,
    answers: { 200: attemptListOut },
  },
  'v1.message-attempt.list-by-msg': {
    method: 'GET',
    path: `${application}/attempt/msg/{msg_id}`,
    access: 'application',
    summary: 'List the attempts of a message',
    query: messageAttemptListQuery,
    answers: { 200: attemptListOut },
  },
  'v1.message-attempt.get': {
    method: 'GET',
    path: `${application}/msg/{msg_id}/attempt/{attempt_id}`,
    access: 'application',
    summary: 'Get an attempt',
    query: z.object({ expanded_statuses: expandedStatuses }),
    answers: { 200: attemptOut },
  },
  'v1.message-attempt.list-attempted-messages': {
    method: 'GET',
    path: `${application}/endpoint/{endpoint_id}/msg`,
    access: 'application',
    summary: 'List the messages of an endpoint',
    query: attemptedMessageListQuery,
    answers: { 200: listOf('EndpointMessageOut', endpointMessageOut) },
  },
  'v1.message-attempt.list-attempted-destinations': {
    method: 'GET',
    path: `${application}/msg/{msg_id}/endpoint`,
    access: 'application',
    summary: 'List the endpoints of a message',
    query: attemptedDestinationListQuery,
    answers: { 200: listOf('MessageEndpointOut', messageEndpointOut) },
  },
  'v1.message-attempt.expunge-content': {
    method: 'DELETE',
    path: `${application}/msg/{msg_id}/attempt/{attempt_id}/content`,
    access: 'organisation',
    summary: 'Delete the response of an attempt',
    answers: { 204: null },
  },
  'v1.message-attempt.resend': {
    method: 'POST',
    path: `${application}/msg/{msg_id}/endpoint/{endpoint_id}/resend`,
    access: 'application',
    capability: 'CreateAttempts',
    summary: 'Send a message again',
    // 400: the message has no payload any more.
    answers: { 202: emptyOut, 400: problemOut },
    answerNames: 'nothing',
  },
});
