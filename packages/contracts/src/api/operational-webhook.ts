import { operationalEventTypes } from '@posthorn/core';
import * as z from 'zod/mini';
import { component, described } from './documentation.ts';
import {
  endpointHeadersIn,
  endpointHeadersOut,
  endpointSecretOut,
  endpointSecretRotateIn,
  endpointUrl,
  signingSecret,
} from './endpoint.ts';
import { endpointUid, instant, metadata, text, throttleRate } from './fields.ts';
import { headers } from './headers.ts';
import { defineOperations } from './operation.ts';
import { idIterator, listOf, listQuery } from './paging.ts';
import { problemOut } from './problem.ts';

const eventTypes = described(
  'Which events it gets. Absent or null: all of them.',
  z.array(z.enum(operationalEventTypes)).check(z.minLength(1), z.maxLength(operationalEventTypes.length)),
);

const changeable = {
  description: z.nullish(text({ most: 4096 })),
  uid: z.nullish(endpointUid),
  throttleRate: z.nullish(throttleRate),
  disabled: z.nullish(z.boolean()),
  eventTypes: z.nullish(eventTypes),
  metadata: z.nullish(metadata),
};

/** The new content of an operational endpoint. Its secret and headers have operations of their own. */
const operationalEndpointUpsert = component(
  'OperationalWebhookEndpointUpsertIn',
  z.object({ url: endpointUrl, ...changeable }),
);

/** A new operational endpoint. */
const operationalEndpointIn = component(
  'OperationalWebhookEndpointIn',
  z.object({ url: endpointUrl, ...changeable, secret: z.nullish(signingSecret), headers: z.nullish(headers) }),
);

const operationalEndpointOut = component(
  'OperationalWebhookEndpointOut',
  z.object({
    id: z.string(),
    uid: z.nullable(z.string()),
    url: z.string(),
    description: z.string(),
    disabled: z.boolean(),
    eventTypes: z.nullable(z.array(z.string())),
    throttleRate: z.nullable(throttleRate),
    metadata: z.record(z.string(), z.string()),
    createdAt: instant,
    updatedAt: instant,
  }),
);
export type OperationalEndpointOut = z.output<typeof operationalEndpointOut>;

const secretIn = component('OperationalWebhookEndpointSecretIn', z.object(endpointSecretRotateIn.shape));
const secretOut = component('OperationalWebhookEndpointSecretOut', z.object(endpointSecretOut.shape));
const headersIn = component('OperationalWebhookEndpointHeadersIn', z.object(endpointHeadersIn.shape));
const headersOut = component('OperationalWebhookEndpointHeadersOut', z.object(endpointHeadersOut.shape));

const path = '/api/v1/operational-webhook/endpoint';

/** Endpoints of the organisation itself: they are told what happens to the endpoints of its applications. */
export const operationalWebhookOperations = defineOperations('endpoints', {
  'v1.operational-webhook.endpoint.list': {
    method: 'GET',
    path,
    access: 'organisation',
    summary: 'List the operational endpoints',
    query: z.extend(listQuery, idIterator('endpoint')),
    answers: { 200: listOf('OperationalWebhookEndpointOut', operationalEndpointOut) },
  },
  'v1.operational-webhook.endpoint.create': {
    method: 'POST',
    path,
    access: 'organisation',
    summary: 'Create an operational endpoint',
    body: operationalEndpointIn,
    // 400: there are as many as there may be.
    answers: { 201: operationalEndpointOut, 400: problemOut },
    answerNames: { thing: 'endpoint', field: 'id' },
  },
  'v1.operational-webhook.endpoint.get': {
    method: 'GET',
    path: `${path}/{endpoint_id}`,
    access: 'organisation',
    summary: 'Get an operational endpoint',
    answers: { 200: operationalEndpointOut },
  },
  'v1.operational-webhook.endpoint.update': {
    method: 'PUT',
    path: `${path}/{endpoint_id}`,
    access: 'organisation',
    summary: 'Replace an endpoint, or create it',
    body: operationalEndpointUpsert,
    answers: { 200: operationalEndpointOut, 201: operationalEndpointOut, 400: problemOut },
  },
  'v1.operational-webhook.endpoint.delete': {
    method: 'DELETE',
    path: `${path}/{endpoint_id}`,
    access: 'organisation',
    summary: 'Delete an operational endpoint',
    answers: { 204: null },
  },
  'v1.operational-webhook.endpoint.get-secret': {
    method: 'GET',
    path: `${path}/{endpoint_id}/secret`,
    access: 'organisation',
    summary: 'Get the signing secret',
    answers: { 200: secretOut },
  },
  'v1.operational-webhook.endpoint.rotate-secret': {
    method: 'POST',
    path: `${path}/{endpoint_id}/secret/rotate`,
    access: 'organisation',
    summary: 'Replace the signing secret',
    body: secretIn,
    // 400: too many secrets still sign.
    answers: { 204: null, 400: problemOut },
    answerNames: 'nothing',
  },
  'v1.operational-webhook.endpoint.get-headers': {
    method: 'GET',
    path: `${path}/{endpoint_id}/headers`,
    access: 'organisation',
    summary: 'Get the headers',
    answers: { 200: headersOut },
  },
  'v1.operational-webhook.endpoint.update-headers': {
    method: 'PUT',
    path: `${path}/{endpoint_id}/headers`,
    access: 'organisation',
    summary: 'Replace the headers',
    body: headersIn,
    answers: { 204: null },
  },
});
