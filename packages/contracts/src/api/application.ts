import * as z from 'zod/mini';
import { component, writtenAs } from './documentation.ts';
import { applicationUid, instant, metadata, text, throttleRate } from './fields.ts';
import { defineOperations } from './operation.ts';
import { idIterator, listOf, listQuery, truth } from './paging.ts';

const length = { minLength: 1, maxLength: 1024 };
const withoutControls = '^[^\\u0000-\\u0008]*$';
const applicationName = writtenAs(
  { type: 'string', ...length, pattern: withoutControls },
  text({ least: length.minLength, most: length.maxLength }).check(
    z.regex(new RegExp(withoutControls), { error: 'must have no control characters' }),
  ),
);

/** A new application, or the new content of an existing one. */
export const applicationIn = component(
  'ApplicationIn',
  z.object({
    name: applicationName,
    uid: z.nullish(applicationUid),
    throttleRate: z.nullish(throttleRate),
    rateLimit: z.nullish(throttleRate),
    metadata: z.nullish(metadata),
  }),
);
export type ApplicationIn = z.output<typeof applicationIn>;

/** Changes to an application: an absent field keeps its value, null clears it. */
export const applicationPatch = component(
  'ApplicationPatch',
  z.object({
    name: z.optional(applicationName),
    uid: z.nullish(applicationUid),
    throttleRate: z.nullish(throttleRate),
    rateLimit: z.nullish(throttleRate),
    metadata: z.optional(metadata),
  }),
);
export type ApplicationPatch = z.output<typeof applicationPatch>;

export const applicationOut = component(
  'ApplicationOut',
  z.object({
    id: z.string(),
    uid: z.optional(z.string()),
    name: z.string(),
    throttleRate: z.nullable(throttleRate),
    rateLimit: z.optional(throttleRate),
    metadata: z.record(z.string(), z.string()),
    createdAt: instant,
    updatedAt: instant,
  }),
);
export type ApplicationOut = z.output<typeof applicationOut>;

/** Destinations count as endpoints. */
const applicationListQuery = z.extend(listQuery, {
  ...idIterator('application'),
  exclude_apps_with_no_endpoints: z.optional(truth),
  exclude_apps_with_disabled_endpoints: z.optional(truth),
  exclude_apps_with_svix_play_endpoints: z.optional(truth),
});
export type ApplicationListQuery = z.output<typeof applicationListQuery>;

const path = '/api/v1/app';

export const applicationOperations = defineOperations('applications', {
  'v1.application.list': {
    method: 'GET',
    path,
    access: 'organisation',
    summary: 'List applications',
    query: applicationListQuery,
    answers: { 200: listOf('ApplicationOut', applicationOut) },
  },
  'v1.application.create': {
    method: 'POST',
    path,
    access: 'organisation',
    summary: 'Create an application',
    query: z.object({ get_if_exists: z.optional(truth) }),
    body: applicationIn,
    answers: { 200: applicationOut, 201: applicationOut },
    answerNames: { thing: 'application', field: 'id' },
  },
  'v1.application.get': {
    method: 'GET',
    path: `${path}/{app_id}`,
    access: 'application',
    summary: 'Get an application',
    answers: { 200: applicationOut },
  },
  'v1.application.update': {
    method: 'PUT',
    path: `${path}/{app_id}`,
    access: 'organisation',
    summary: 'Replace an application, or create it',
    body: applicationIn,
    answers: { 200: applicationOut, 201: applicationOut },
  },
  'v1.application.patch': {
    method: 'PATCH',
    path: `${path}/{app_id}`,
    access: 'organisation',
    summary: 'Change parts of an application',
    body: applicationPatch,
    answers: { 200: applicationOut },
  },
  'v1.application.delete': {
    method: 'DELETE',
    path: `${path}/{app_id}`,
    access: 'organisation',
    summary: 'Delete an application and everything of it',
    answers: { 204: null },
  },
});
