import { defaultGraceSeconds, maxGraceSeconds } from '@posthorn/core/signing/rotate-secret';
import { signingSecretPattern } from '@posthorn/core/signing/secret-form';
import * as z from 'zod/mini';
import { component, described, writtenAs } from './documentation.ts';
import { channels, endpointUid, eventTypeName, eventTypes, instant, metadata, text, throttleRate } from './fields.ts';
import { changedHeaders, headers, shownHeaders } from './headers.ts';
import { messageOut } from './message.ts';
import { defineOperations } from './operation.ts';
import { idIterator, listOf, listQuery, queryInstant } from './paging.ts';
import { problemOut } from './problem.ts';

const filterTypes = eventTypes.check(z.minLength(1));

/** The longest URL that is accepted: with the rest of its endpoint it must fit into a row and an attempt's record. */
const maxUrlLength = 2048;
const httpsStart = '^[Hh][Tt][Tt][Pp][Ss]://';
const httpStart = '^[Hh][Tt][Tt][Pp][Ss]?://';

/** Whether http is allowed depends on the installation. That, the host and the port are checked elsewhere. */
export const endpointUrl = writtenAs(
  ({ allowHttp = false }) => ({
    type: 'string',
    format: 'uri',
    maxLength: maxUrlLength,
    pattern: allowHttp ? httpStart : httpsStart,
    description:
      `An absolute ${allowHttp ? 'http or https' : 'https'} URL. An installation can restrict its ports. ` +
      'It is stored with percent escapes.',
  }),
  z
    .string()
    .check(
      z.maxLength(maxUrlLength),
      z.regex(new RegExp(httpStart), { error: 'must be an absolute http or https URL' }),
    ),
);

/** A secret that messages are signed with. */
export const signingSecret = described(
  '`whsec_` and 24 to 75 random bytes, or `whsk_` and an ed25519 key pair (64 bytes: private, then public), in base64.',
  z.string().check(
    z.regex(signingSecretPattern, {
      error: 'must be whsec_ and 24 to 75 bytes, or whsk_ and a key pair of 64 bytes, in padded base64',
    }),
  ),
);

const changeable = {
  description: z.nullish(text({ most: 4096 })),
  uid: z.nullish(endpointUid),
  throttleRate: z.nullish(throttleRate),
  rateLimit: z.nullish(throttleRate),
  disabled: z.nullish(z.boolean()),
  eventTypes: z.nullish(filterTypes),
  filterTypes: z.nullish(filterTypes),
  channels: z.nullish(channels),
  metadata: z.nullish(metadata),
};

/** The new content of an endpoint. Its secret and headers have operations of their own. */
export const endpointUpsert = component('EndpointUpdate', z.object({ url: endpointUrl, ...changeable }));
export type EndpointUpsert = z.output<typeof endpointUpsert>;

/** A new endpoint. */
export const endpointIn = component(
  'EndpointIn',
  z.object({
    url: endpointUrl,
    ...changeable,
    secret: z.nullish(signingSecret),
    headers: z.nullish(headers),
  }),
);
export type EndpointIn = z.output<typeof endpointIn>;

/** Changes to an endpoint: an absent field keeps its value, null clears a field that can be absent. */
export const endpointPatch = component(
  'EndpointPatch',
  z.object({
    ...changeable,
    url: z.optional(endpointUrl),
    description: z.optional(text({ most: 4096 })),
    disabled: z.optional(z.boolean()),
    metadata: z.optional(metadata),
  }),
);
export type EndpointPatch = z.output<typeof endpointPatch>;

export const endpointOut = component(
  'EndpointOut',
  z.object({
    id: z.string(),
    uid: z.nullable(z.string()),
    url: z.string(),
    description: z.string(),
    disabled: z.boolean(),
    version: described('For older SDKs, which require it.', z.literal(1)),
    eventTypes: z.nullable(z.array(z.string())),
    filterTypes: z.nullable(z.array(z.string())),
    channels: z.nullable(z.array(z.string())),
    throttleRate: z.nullable(throttleRate),
    rateLimit: z.nullable(throttleRate),
    metadata: z.record(z.string(), z.string()),
    createdAt: instant,
    updatedAt: instant,
  }),
);
export type EndpointOut = z.output<typeof endpointOut>;

export const endpointSecretOut = component('EndpointSecretOut', z.object({ key: z.string() }));

const graceText = `How long the present secret goes on signing. Absent or null: ${defaultGraceSeconds} (a day).`;
const gracePeriodSeconds = described(graceText, z.int().check(z.minimum(0), z.maximum(maxGraceSeconds)));

/** A new signing secret: the given one, or a random one of the same kind as the present one. */
export const endpointSecretRotateIn = component(
  'EndpointSecretRotateIn',
  z.object({ key: z.nullish(signingSecret), gracePeriodSeconds: z.nullish(gracePeriodSeconds) }),
);
export type EndpointSecretRotateIn = z.output<typeof endpointSecretRotateIn>;

export const endpointHeadersIn = component('EndpointHeadersIn', z.object({ headers }));

/** Changes to the headers of an endpoint: null removes a header. */
export const endpointHeadersPatch = component(
  'EndpointHeadersPatchIn',
  z.object({
    headers: changedHeaders,
    deleteHeaders: z.nullish(z.array(z.string())),
  }),
);
export type EndpointHeadersPatch = z.output<typeof endpointHeadersPatch>;

export const endpointHeadersOut = component(
  'EndpointHeadersOut',
  z.object({
    headers: shownHeaders,
    sensitive: described('Names of headers that are sent, but whose values are not shown.', z.array(z.string())),
  }),
);
export type EndpointHeadersOut = z.output<typeof endpointHeadersOut>;

/** Which example to send. */
export const eventExampleIn = component(
  'EventExampleIn',
  z.object({
    eventType: eventTypeName,
    exampleIndex: z.nullish(
      described(
        'Which of the examples of the schema is sent, from 0. Absent or null: the first one.',
        z.int().check(z.minimum(0)),
      ),
    ),
  }),
);
export type EventExampleIn = z.output<typeof eventExampleIn>;

export const endpointStatsQuery = z.object({ since: z.optional(queryInstant), until: z.optional(queryInstant) });
export type EndpointStatsQuery = z.output<typeof endpointStatsQuery>;

/** How many attempts succeeded and failed in the window, and how many deliveries wait or ended untried. */
export const endpointStats = component(
  'EndpointStats',
  z.object({
    success: z.int(),
    pending: described('Deliveries that wait now in a table and were never tried.', z.int()),
    sending: described('Deliveries that failed and have a planned next attempt.', z.int()),
    fail: z.int(),
    canceled: described('Deliveries that ended without an attempt, as long as they are kept.', z.int()),
    countsAreComplete: described(
      'False if `pending`, `sending` and `canceled` are only the least that there are: of each state, 10,000 are counted.',
      z.boolean(),
    ),
  }),
);
export type EndpointStats = z.output<typeof endpointStats>;

const path = '/api/v1/app/{app_id}/endpoint';

export const endpointOperations = defineOperations('endpoints', {
  'v1.endpoint.list': {
    method: 'GET',
    path,
    access: 'application',
    summary: 'List the endpoints of an application',
    query: z.extend(listQuery, idIterator('endpoint')),
    answers: { 200: listOf('EndpointOut', endpointOut) },
  },
  'v1.endpoint.create': {
    method: 'POST',
    path,
    access: 'application',
    capability: 'ManageEndpoint',
    summary: 'Create an endpoint',
    body: endpointIn,
    // 400: the application has as many endpoints as it may have.
    answers: { 201: endpointOut, 400: problemOut },
    answerNames: { thing: 'endpoint', field: 'id' },
  },
  'v1.endpoint.get': {
    method: 'GET',
    path: `${path}/{endpoint_id}`,
    access: 'application',
    summary: 'Get an endpoint',
    answers: { 200: endpointOut },
  },
  'v1.endpoint.update': {
    method: 'PUT',
    path: `${path}/{endpoint_id}`,
    access: 'application',
    capability: 'ManageEndpoint',
    summary: 'Replace an endpoint, or create it',
    body: endpointUpsert,
    answers: { 200: endpointOut, 201: endpointOut, 400: problemOut },
  },
  'v1.endpoint.patch': {
    method: 'PATCH',
    path: `${path}/{endpoint_id}`,
    access: 'application',
    capability: 'ManageEndpoint',
    summary: 'Change parts of an endpoint',
    body: endpointPatch,
    answers: { 200: endpointOut },
  },
  'v1.endpoint.delete': {
    method: 'DELETE',
    path: `${path}/{endpoint_id}`,
    access: 'application',
    capability: 'ManageEndpoint',
    summary: 'Delete an endpoint',
    answers: { 204: null },
  },
  'v1.endpoint.get-secret': {
    method: 'GET',
    path: `${path}/{endpoint_id}/secret`,
    access: 'application',
    capability: 'ViewEndpointSecret',
    summary: 'Get the signing secret of an endpoint',
    answers: { 200: endpointSecretOut },
  },
  'v1.endpoint.rotate-secret': {
    method: 'POST',
    path: `${path}/{endpoint_id}/secret/rotate`,
    access: 'application',
    capability: 'ManageEndpointSecret',
    summary: 'Replace the signing secret',
    body: endpointSecretRotateIn,
    // 400: the endpoint has too many secrets that still sign.
    answers: { 204: null, 400: problemOut },
    answerNames: 'nothing',
  },
  'v1.endpoint.get-headers': {
    method: 'GET',
    path: `${path}/{endpoint_id}/headers`,
    access: 'application',
    summary: 'Get the headers of an endpoint',
    answers: { 200: endpointHeadersOut },
  },
  'v1.endpoint.update-headers': {
    method: 'PUT',
    path: `${path}/{endpoint_id}/headers`,
    access: 'application',
    capability: 'ManageEndpoint',
    summary: 'Replace the headers of an endpoint',
    body: endpointHeadersIn,
    answers: { 204: null },
  },
  'v1.endpoint.patch-headers': {
    method: 'PATCH',
    path: `${path}/{endpoint_id}/headers`,
    access: 'application',
    capability: 'ManageEndpoint',
    summary: 'Change some headers of an endpoint',
    body: endpointHeadersPatch,
    answers: { 204: null },
  },
  'v1.endpoint.send-example': {
    method: 'POST',
    path: `${path}/{endpoint_id}/send-example`,
    access: 'organisation',
    summary: 'Send an example to an endpoint',
    body: eventExampleIn,
    // 400: the event type has no example.
    answers: { 202: messageOut, 400: problemOut },
    answerNames: { thing: 'message', field: 'id' },
  },
  'v1.endpoint.get-stats': {
    method: 'GET',
    path: `${path}/{endpoint_id}/stats`,
    access: 'application',
    summary: 'Count the attempts of an endpoint',
    query: endpointStatsQuery,
    answers: { 200: endpointStats },
  },
});
