import * as z from 'zod/mini';
import { component, described } from './documentation.ts';
import { heldFeatureFlags, instant, text } from './fields.ts';
import { defineOperations } from './operation.ts';
import { idIterator, listOf, listQuery } from './paging.ts';

const flagsText = 'Its key is also shown event types with one of these flags.';

const content = () => ({
  name: text({ least: 1, most: 1024 }),
  featureFlags: z.nullish(heldFeatureFlags(flagsText)),
});

/** Another system that acts for an application. */
export const integrationIn = component('IntegrationIn', z.object(content()));
export type IntegrationIn = z.output<typeof integrationIn>;

/** The new content of an integration. It keeps its key. */
const integrationUpdate = component('IntegrationUpdate', z.object(content()));

export const integrationOut = component(
  'IntegrationOut',
  z.object({
    id: z.string(),
    name: z.string(),
    featureFlags: z.array(z.string()),
    createdAt: instant,
    updatedAt: instant,
  }),
);
export type IntegrationOut = z.output<typeof integrationOut>;

const integrationKeyOut = component(
  'IntegrationKeyOut',
  z.object({
    key: described(
      'A token for requests about the application. It is shown only here, and the earlier one is revoked.',
      z.string(),
    ),
  }),
);

const path = '/api/v1/app/{app_id}/integration';

export const integrationOperations = defineOperations('tokens', {
  'v1.integration.list': {
    method: 'GET',
    path,
    access: 'organisation',
    summary: 'List the integrations of an application',
    query: z.extend(listQuery, idIterator('integration')),
    answers: { 200: listOf('IntegrationOut', integrationOut) },
  },
  'v1.integration.create': {
    method: 'POST',
    path,
    access: 'organisation',
    summary: 'Create an integration, without a key',
    body: integrationIn,
    answers: { 201: integrationOut },
    answerNames: { thing: 'integration', field: 'id' },
  },
  'v1.integration.get': {
    method: 'GET',
    path: `${path}/{integ_id}`,
    access: 'organisation',
    summary: 'Get an integration',
    answers: { 200: integrationOut },
  },
  'v1.integration.update': {
    method: 'PUT',
    path: `${path}/{integ_id}`,
    access: 'organisation',
    summary: 'Replace an integration',
    body: integrationUpdate,
    answers: { 200: integrationOut },
  },
  'v1.integration.delete': {
    method: 'DELETE',
    path: `${path}/{integ_id}`,
    access: 'organisation',
    summary: 'Delete an integration, and revoke its key',
    answers: { 204: null },
  },
  'v1.integration.rotate-key': {
    method: 'POST',
    path: `${path}/{integ_id}/key/rotate`,
    access: 'organisation',
    summary: 'Replace the key of an integration',
    answers: { 200: integrationKeyOut },
    answerNames: 'nothing',
    sealAnswer: true,
  },
});
