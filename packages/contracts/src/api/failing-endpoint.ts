import { breakerPolicy } from '@posthorn/core/endpoint/endpoint-health';
import * as z from 'zod/mini';
import { component, described } from './documentation.ts';
import { instant } from './fields.ts';
import { defineOperations } from './operation.ts';
import { idIterator, listOf, pageLimit } from './paging.ts';

/** An endpoint or destination whose last attempts failed, or that Posthorn has disabled because of them. */
const failingEndpointOut = component(
  'FailingEndpointOut',
  z.object({
    id: z.string(),
    uid: z.nullable(z.string()),
    url: z.string(),
    type: described('`destination`: it keeps an order.', z.enum(['endpoint', 'destination'])),
    disabled: described('Posthorn disabled it, because of what it answered.', z.boolean()),
    failures: described(
      `Failed attempts since the last success. ${breakerPolicy.failuresToOpen}: as many, or more.`,
      z.int(),
    ),
    failingSince: described('The first of these failures.', z.nullable(instant)),
    probeAt: described(
      'Its deliveries are held, and one of them is attempted at this time. null: none is held for its failures.',
      z.nullable(instant),
    ),
  }),
);
export type FailingEndpointOut = z.output<typeof failingEndpointOut>;

export const failingEndpointOperations = defineOperations('endpoints', {
  'v1.failing-endpoint.list': {
    method: 'GET',
    path: '/api/v1/app/{app_id}/failing-endpoint',
    access: 'application',
    summary: 'List the endpoints that fail now',
    query: z.object({ limit: z.optional(pageLimit), ...idIterator('endpoint') }),
    answers: { 200: listOf('FailingEndpointOut', failingEndpointOut) },
  },
});
