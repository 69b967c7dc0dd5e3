import { maxCodeBytes, maxVariablesBytes } from '@posthorn/core/endpoint/transformation';
import * as z from 'zod/mini';
import { component, described } from './documentation.ts';
import { emptyOut, instant } from './fields.ts';
import { defineOperations } from './operation.ts';

const codeText = [
  'JavaScript with a function `handler(webhook)` that returns the webhook, changed or not. It has `method`, `url`,',
  `\`payload\`, \`headers\`, \`eventType\` and \`cancel\`. At most ${maxCodeBytes} bytes.`,
].join(' ');
const variablesText = `Texts that the code has as \`variables\`. At most ${maxVariablesBytes} bytes in all.`;

const variables = z.record(z.string(), z.string());

const code = z.nullish(described(codeText, z.string().check(z.minLength(1), z.maxLength(maxCodeBytes))));

/** A change of a transformation: an absent field keeps its value, null removes it. Without code, nothing is changed. */
export const transformationPatch = component(
  'EndpointTransformationPatch',
  z.object({
    code,
    enabled: z.optional(z.boolean()),
    variables: z.nullish(described(variablesText, variables)),
  }),
);
export type TransformationPatch = z.output<typeof transformationPatch>;

/** New code of a destination, which is enabled with it. null removes it. */
const destinationTransformIn = component('DestinationTransformIn', z.object({ code }));

export const transformationOut = component(
  'EndpointTransformationOut',
  z.object({
    code: z.nullable(z.string()),
    enabled: z.boolean(),
    variables: z.nullable(variables),
    updatedAt: z.nullable(instant),
  }),
);
export type TransformationOut = z.output<typeof transformationOut>;

const endpointPath = '/api/v1/app/{app_id}/endpoint/{endpoint_id}/transformation';
const destinationPath = '/api/v1/app/{app_id}/destination/{destination_id}/transformation';

const destinationTransformationOut = component(
  'DestinationTransformationOut',
  z.object({ code: z.nullable(z.string()), enabled: z.boolean() }),
);

export const endpointTransformationOperations = defineOperations('endpoints', {
  'v1.endpoint.transformation-get': {
    method: 'GET',
    path: endpointPath,
    access: 'application',
    capability: 'ManageTransformations',
    summary: 'Get its transformation',
    answers: { 200: transformationOut },
  },
  'v1.endpoint.patch-transformation': {
    method: 'PATCH',
    path: endpointPath,
    access: 'application',
    capability: 'ManageTransformations',
    summary: 'Change its transformation',
    body: transformationPatch,
    answers: { 204: null },
  },
});

export const destinationTransformationOperations = defineOperations('destinations', {
  'v1.destination.transformation-get': {
    method: 'GET',
    path: destinationPath,
    access: 'application',
    capability: 'ManageTransformations',
    summary: 'Get its transformation',
    answers: { 200: destinationTransformationOut },
  },
  'v1.destination.transformation-patch': {
    method: 'PATCH',
    path: destinationPath,
    access: 'application',
    capability: 'ManageTransformations',
    summary: 'Change its transformation',
    body: destinationTransformIn,
    answers: { 200: emptyOut },
  },
});
