import * as z from 'zod/mini';
import { component, described, matchingAny, notTogether } from './documentation.ts';
import { eventTypeName, instant, text } from './fields.ts';
import { jsonSchemas } from './json-schema.ts';
import { defineOperations } from './operation.ts';
import { eventTypeIterator, listOf, listQuery, truth } from './paging.ts';
import { problemOut } from './problem.ts';

const shortName = () => z.string().check(z.minLength(1), z.maxLength(256), z.regex(/^[a-zA-Z0-9\-_.]+$/));

/** All of these together leave room for the other fields of an event type: an item of a table holds 400 KB. */
const maxDescriptionLength = 16_384;
const maxSchemasBytes = 262_144;
const maxFeatureFlags = 50;

const schemasText = 'JSON Schemas by version. Messages must fit the newest one if it is enforced (`/enforcement`).';
const schemas = described(
  schemasText,
  jsonSchemas.check(
    z.refine((value) => Buffer.byteLength(JSON.stringify(value)) <= maxSchemasBytes, {
      error: `must be at most ${maxSchemasBytes} bytes as JSON`,
    }),
  ),
);

const description = text({ most: maxDescriptionLength });
const featureFlag = described('The older name of `featureFlags`, for the first of them.', shortName());
const featureFlags = described(
  'A token of an application sees the event type only if it holds one of these flags.',
  z.array(shortName()).check(z.maxLength(maxFeatureFlags)),
);

const changeable = {
  archived: z.nullish(z.boolean()),
  deprecated: z.nullish(z.boolean()),
  schemas: z.nullish(schemas),
  featureFlag: z.nullish(featureFlag),
  featureFlags: z.nullish(featureFlags),
  groupName: z.nullish(shortName()),
};

/** A kind of event that the organisation sends. */
export const eventTypeIn = component('EventTypeIn', z.object({ name: eventTypeName, description, ...changeable }));
export type EventTypeIn = z.output<typeof eventTypeIn>;

/** The new content of an event type. Its name is in the path. */
export const eventTypeUpsert = component('EventTypeUpsertIn', z.object({ description, ...changeable }));
export type EventTypeUpsert = z.output<typeof eventTypeUpsert>;

/** Changes to an event type: an absent field keeps its value, null clears a field that can be absent. */
export const eventTypePatch = component(
  'EventTypePatch',
  z.object({
    ...changeable,
    description: z.optional(description),
    archived: z.optional(z.boolean()),
    deprecated: z.optional(z.boolean()),
  }),
);
export type EventTypePatch = z.output<typeof eventTypePatch>;

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

/** Webhooks of an OpenAPI document, to import as event types. Either `spec` or `specRaw` must be given. */
export const eventTypeImportIn = matchingAny(
  [
    [
      { properties: { spec: { type: 'object' } }, required: ['spec'] },
      { properties: { specRaw: { type: 'string' } }, required: ['specRaw'] },
    ],
    notTogether('spec', 'specRaw'),
  ],
  component(
    'EventTypeImportOpenApiIn',
    z.object({
      dryRun: described('Only show what would change.', z.nullish(z.boolean())),
      replaceAll: described('Archive all event types that are not in the document.', z.nullish(z.boolean())),
      spec: described('An OpenAPI document of version 3.', z.nullish(z.record(z.string(), z.unknown()))),
      specRaw: described('The text of one, as JSON or YAML.', z.nullish(z.string())),
    }),
  ),
);
export type EventTypeImportIn = z.output<typeof eventTypeImportIn>;

const eventTypeFromOpenApi = component(
  'EventTypeFromOpenApi',
  z.object({
    name: z.string(),
    description: z.string(),
    schemas: z.nullable(z.record(z.string(), z.unknown())),
    deprecated: z.boolean(),
    groupName: z.nullable(z.string()),
    featureFlags: z.nullable(z.array(z.string())),
  }),
);
export type EventTypeFromOpenApi = z.output<typeof eventTypeFromOpenApi>;

const eventTypeImportOut = component(
  'EventTypeImportOpenApiOut',
  z.object({
    data: component(
      'EventTypeImportOpenApiOutData',
      z.object({
        modified: described('Event types that were created, changed or archived.', z.array(z.string())),
        to_modify: described(
          'With `dryRun`: what would be created or changed.',
          z.nullable(z.array(eventTypeFromOpenApi)),
        ),
      }),
    ),
  }),
);
export type EventTypeImportOut = z.output<typeof eventTypeImportOut>;

const path = '/api/v1/event-type';

export const eventTypeOperations = defineOperations('event-types', {
  'v1.event-type.list': {
    method: 'GET',
    path,
    access: 'application',
    summary: 'List event types',
    query: z.extend(listQuery, {
      ...eventTypeIterator,
      include_archived: z.optional(truth),
      with_content: z.optional(truth),
    }),
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
  'v1.event-type.import-openapi': {
    method: 'POST',
    path: `${path}/import/openapi`,
    access: 'organisation',
    summary: 'Import the webhooks of an OpenAPI document',
    body: eventTypeImportIn,
    answers: { 200: eventTypeImportOut, 400: problemOut },
    answerNames: 'nothing',
  },
  'v1.event-type.get': {
    method: 'GET',
    path: `${path}/{event_type_name}`,
    access: 'application',
    summary: 'Get an event type',
    answers: { 200: eventTypeOut },
  },
  'v1.event-type.update': {
    method: 'PUT',
    path: `${path}/{event_type_name}`,
    access: 'organisation',
    summary: 'Replace an event type, or create it',
    newNames: { event_type_name: eventTypeName },
    body: eventTypeUpsert,
    answers: { 200: eventTypeOut, 201: eventTypeOut },
  },
  'v1.event-type.patch': {
    method: 'PATCH',
    path: `${path}/{event_type_name}`,
    access: 'organisation',
    summary: 'Change parts of an event type',
    body: eventTypePatch,
    answers: { 200: eventTypeOut },
  },
  'v1.event-type.delete': {
    method: 'DELETE',
    path: `${path}/{event_type_name}`,
    access: 'organisation',
    summary: 'Archive an event type, or remove it (`expunge`)',
    query: z.object({ expunge: z.optional(truth) }),
    answers: { 204: null },
  },
});
