import * as z from 'zod/mini';
import { component, described } from './documentation.ts';
import { defineOperations } from './operation.ts';

const enforcementIn = component(
  'EnforcementIn',
  z.object({ enabled: described('Whether messages must fit the schema of their event type.', z.boolean()) }),
);

const enforcementOut = component('EnforcementOut', z.object({ enabled: z.boolean() }));
export type EnforcementOut = z.output<typeof enforcementOut>;

const eventTypeEnforcementOut = component(
  'EventTypeEnforcementOut',
  z.object({
    enabled: described('Null if nothing is set here: then it is as the organisation says.', z.nullable(z.boolean())),
    checked: described('Whether messages of this event type are checked: it also needs a schema.', z.boolean()),
  }),
);
export type EventTypeEnforcementOut = z.output<typeof eventTypeEnforcementOut>;

const organisation = '/api/v1/enforcement';
const eventType = '/api/v1/event-type/{event_type_name}/enforcement';

/** Whether messages must fit the schema of their event type: of the organisation, and of an event type instead. */
export const enforcementOperations = defineOperations('event-types', {
  'v1.enforcement.get': {
    method: 'GET',
    path: organisation,
    access: 'organisation',
    summary: 'Whether schemas are enforced',
    answers: { 200: enforcementOut },
  },
  'v1.enforcement.set': {
    method: 'PUT',
    path: organisation,
    access: 'organisation',
    summary: 'Enforce all schemas, or stop it',
    body: enforcementIn,
    answers: { 200: enforcementOut },
  },
  'v1.enforcement.get-of-event-type': {
    method: 'GET',
    path: eventType,
    access: 'organisation',
    summary: 'Whether its schema is enforced',
    answers: { 200: eventTypeEnforcementOut },
  },
  'v1.enforcement.set-of-event-type': {
    method: 'PUT',
    path: eventType,
    access: 'organisation',
    summary: 'Enforce its schema, or not',
    body: enforcementIn,
    answers: { 200: eventTypeEnforcementOut },
  },
  'v1.enforcement.delete-of-event-type': {
    method: 'DELETE',
    path: eventType,
    access: 'organisation',
    summary: 'Leave it to the organisation',
    answers: { 204: null },
  },
});
