import * as z from 'zod/mini';
import { component, described } from './documentation.ts';
import { eventTypeName, instant } from './fields.ts';
import { defineOperations } from './operation.ts';
import { listOf, listQuery, truth } from './paging.ts';

const shortName = z.string().check(z.minLength(1), z.maxLength(256), z.regex(/^[a-zA-Z0-9\-_.]+$/));

/** Both together leave room for the other fields of an event type: an item of a table holds 400 KB. */
const maxDescriptionLength = 16_384;
const maxSchemasBytes = 262_144;

const schemasText = 'Stored, without effect yet: messages are not checked.';
const schemas = described(
  schemasText,
  z.record(z.string(), z.unknown()).check(
    z.refine((value) => Buffer.byteLength(JSON.stringify(value)) <= maxSchemasBytes, {
      error: `must be at most ${maxSchemasBytes} bytes as JSON`,
    }),
  ),
);

/** A kind of event that the organisation sends. */
export const eventTypeIn = component(
  'EventTypeIn',
  z.object({
    name: eventTypeName,
    description: z.string().check(z.maxLength(maxDescriptionLength)),
    archived: z.nullish(z.boolean()),
    deprecated: z.nullish(z.boolean()),
    schemas: z.nullish(schemas),
    featureFlag: z.nullish(shortName),
    featureFlags: z.nullish(z.array(shortName).check(z.maxLength(1))),
    groupName: z.nullish(shortName),
  }),
);
export type EventTypeIn = z.output<typeof eventTypeIn>;

export const eventTypeOut = component(
  'EventTypeOut',
  z.object({
    name: z.string(),
    description: z.string(),
    archived: z.boolean(),
    deprecated: z.boolean(),
    schemas: described(schemasText, z.nullable(z.record(z.string(), z.unknown()))),
    featureFlag: z.nullable(z.string()),
    featureFlags: z.nullable(z.array(z.string())),
    groupName: z.nullable(z.string()),
    createdAt: instant,
    updatedAt: instant,
  }),
);
export type EventTypeOut = z.output<typeof eventTypeOut>;

const path = '/api/v1/event-type';

export const eventTypeOperations = defineOperations('event-types', {
  'v1.event-type.list': {
    method: 'GET',
    path,
    access: 'application',
    summary: 'List event types',
    query: z.extend(listQuery, { include_archived: z.optional(truth), with_content: z.optional(truth) }),
    answers: { 200: listOf('EventTypeOut', eventTypeOut) },
  },
  'v1.event-type.create': {
    method: 'POST',
    path,
    access: 'organisation',
    summary: 'Create an event type, or restore an archived one',
    body: eventTypeIn,
    answers: { 201: eventTypeOut },
    answerNames: { thing: 'event-type', field: 'name' },
  },
  'v1.event-type.get': {
    method: 'GET',
    path: `${path}/{event_type_name}`,
    access: 'application',
    summary: 'Get an event type',
    answers: { 200: eventTypeOut },
  },
});
