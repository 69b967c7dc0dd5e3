import * as z from 'zod/mini';
import { instant } from './fields.ts';
import { listOf, timeLimitedListQuery } from './paging.ts';

const digits = (values: readonly [string, ...string[]]) => z.pipe(z.enum(values), z.transform(Number));

/** Attempts by the state that they ended in and the class of the answer. */
export const attemptListQuery = z.extend(timeLimitedListQuery, {
  status: z.optional(digits(['0', '1', '2', '3', '4'])),
  status_code_class: z.optional(digits(['0', '100', '200', '300', '400', '500'])),
  endpoint_id: z.optional(z.string()),
});
export type AttemptListQuery = z.output<typeof attemptListQuery>;

/** How a state is written in numbers and in words. */
export const attemptStatus = { success: 0, pending: 1, fail: 2, sending: 3, canceled: 4 } as const;

/** Why an attempt was made, in numbers. */
export const attemptTriggerType = { scheduled: 0, manual: 1 } as const;

export const attemptOut = z.object({
  id: z.string(),
  url: z.string(),
  response: z.string(),
  responseStatusCode: z.int(),
  responseDurationMs: z.int(),
  status: z.int(),
  statusText: z.enum(['success', 'pending', 'fail', 'sending', 'canceled']),
  triggerType: z.int(),
  msgId: z.string(),
  endpointId: z.string(),
  timestamp: instant,
});
export type AttemptOut = z.output<typeof attemptOut>;

export const attemptListOut = listOf(attemptOut);

/** What an operation answers that has nothing to say but that it was done. */
export const emptyOut = z.object({});
