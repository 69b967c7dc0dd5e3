import * as z from 'zod/mini';
import { component, described } from './documentation.ts';
import { instant } from './fields.ts';
import { defineOperations } from './operation.ts';
import { idIterator, listOf, timeLimitedListQuery } from './paging.ts';

const state = z.enum(['planned', 'held', 'parked', 'failed', 'canceled']);

/** The state has no default: a list over all states would read each of them for every page. */
const deliveryListQuery = z.extend(z.pick(timeLimitedListQuery, { limit: true, before: true, after: true }), {
  ...idIterator('message'),
  state,
});
export type DeliveryListQuery = z.output<typeof deliveryListQuery>;

/** A delivery whose first attempt did not succeed, or that waits. */
export const deliveryOut = component(
  'DeliveryOut',
  z.object({
    msgId: z.string(),
    endpointId: z.string(),
    state: described(
      'planned, held, parked: it goes on. failed: it ended after an attempt, or was skipped or set aside. canceled: it ended without a further attempt.',
      state,
    ),
    reason: described(
      'failed: exhausted, gone, aborted, skipped, set_aside. canceled: endpoint_disabled, endpoint_deleted, message_expired. Otherwise what it waits for.',
      z.string(),
    ),
    attemptNumber: described('The attempt that is made next, or at which it ended.', z.int()),
    since: described('When it got into this state.', instant),
    nextAttemptAt: described('null if no time is planned.', z.nullable(instant)),
  }),
);
export type DeliveryOut = z.output<typeof deliveryOut>;

/** Which deliveries wait or ended, and why. */
export const deliveryOperations = defineOperations('endpoints', {
  'v1.delivery.list': {
    method: 'GET',
    path: '/api/v1/app/{app_id}/endpoint/{endpoint_id}/delivery',
    access: 'application',
    summary: 'List the deliveries to an endpoint in one state',
    query: deliveryListQuery,
    answers: { 200: listOf('DeliveryOut', deliveryOut) },
  },
});
