import { orderByPattern } from '@posthorn/core/message/ordering-key';
import * as z from 'zod/mini';
import { component, described, withLimits } from './documentation.ts';
import { endpointHeadersOut, endpointUrl, signingSecret } from './endpoint.ts';
import { channels, emptyOut, endpointUid, eventTypes, instant, metadata } from './fields.ts';
import { headers } from './headers.ts';
import { defineOperations } from './operation.ts';
import { idIterator, listOf, listQuery } from './paging.ts';
import { problemOut } from './problem.ts';

const destinationType = z.literal('fifoEndpoint', { error: 'must be fifoEndpoint: other types are not supported' });
const destinationStatus = z.enum(['enabled', 'disabled']);
const batchSize = z.literal(1, { error: 'must be absent or 1: batches are not supported' });
const maxWaitSecs = z.literal(0, { error: 'must be absent or 0: batches are not supported' });
/** Without one, messages of all channels. */
const someChannels = z.union([channels, z.array(z.string()).check(z.maxLength(0))]);

/** Two members are options. They are checked where they are read. */
const ownMetadata = withLimits(
  {
    properties: {
      orderBy: {
        type: 'string',
        pattern: orderByPattern.source,
        description: 'A JSON path into the payload to the ordering key, or `orderingKey`, the key of its source.',
      },
      onExhausted: { type: 'string', enum: ['block', 'skip'] },
    },
  },
  described('At most 4096 bytes as JSON.', metadata),
);

/**
 * A new endpoint in FIFO mode, or the new content of one. Two members of its `metadata` are options: `orderBy`, a JSON
 * path into the payload to the ordering key (or `orderingKey`, for the key that the source of the message gave it), and
 * `onExhausted` (`block` or `skip`), what happens to the messages behind one whose retries are used up.
 */
export const destinationIn = component(
  'DestinationIn',
  z.object({
    type: destinationType,
    config: z.object({ url: endpointUrl, headers: z.nullish(headers), key: z.nullish(signingSecret) }),
    uid: z.nullish(endpointUid),
    status: z.nullish(destinationStatus),
    batchSize: z.nullish(batchSize),
    maxWaitSecs: z.nullish(maxWaitSecs),
    eventTypes: z.nullish(eventTypes),
    channels: z.nullish(someChannels),
    metadata: z.nullish(ownMetadata),
  }),
);
export type DestinationIn = z.output<typeof destinationIn>;

export const destinationOut = component(
  'DestinationOut',
  z.object({
    id: z.string(),
    uid: z.nullable(z.string()),
    type: z.literal('fifoEndpoint'),
    config: z.object({ url: z.string(), headers: endpointHeadersOut }),
    status: described(
      'paused: a group is blocked by its first message. retrying: a group waits for a retry, as nextRetryAt says.',
      z.enum(['enabled', 'paused', 'disabled', 'retrying']),
    ),
    currentIterator: described('Always empty: messages are pushed to a destination, not polled.', z.string()),
    failureReason: described(
      'The message that has blocked its group for the longest time, and why. null if no group is blocked.',
      z.nullable(z.string()),
    ),
    nextRetryAt: described(
      'The earliest planned retry, of the first 10,000 groups that wait or are blocked. null if none of them waits for ' +
        'a retry. In a list, the destinations of a page share the 10,000.',
      z.nullable(instant),
    ),
    batchSize: described('Always 1: batches are not supported.', z.int()),
    maxWaitSecs: described('Always 0: batches are not supported.', z.int()),
    eventTypes: z.optional(z.array(z.string())),
    channels: z.optional(z.array(z.string())),
    metadata: z.record(z.string(), z.string()),
    createdAt: instant,
    updatedAt: instant,
  }),
);
export type DestinationOut = z.output<typeof destinationOut>;

/** The reason why a field of the configuration cannot be patched. */
const onlyUrl = ({ code }: { readonly code?: string | undefined }): string | undefined =>
  code === 'unrecognized_keys'
    ? 'has only a url here: headers and key are changed by a PUT, or at /endpoint/{id}/headers and /secret/rotate'
    : undefined;

/** Changes to a destination: an absent field keeps its value, null clears it. Any other field is refused. */
export const destinationPatch = component(
  'DestinationPatch',
  z.strictObject({
    type: z.nullish(destinationType),
    config: z.nullish(z.strictObject({ url: z.nullish(endpointUrl) }, { error: onlyUrl })),
    uid: z.nullish(endpointUid),
    status: z.nullish(destinationStatus),
    batchSize: z.nullish(batchSize),
    maxWaitSecs: z.nullish(maxWaitSecs),
    eventTypes: z.nullish(eventTypes),
    channels: z.nullish(someChannels),
    metadata: z.optional(ownMetadata),
  }),
);
export type DestinationPatch = z.output<typeof destinationPatch>;

/** Which message a command is about. Without one: the first message of the group that has been blocked for the longest time. */
const headIn = component('DestinationHeadIn', z.strictObject({ msgId: z.nullish(z.string()) }));

const path = '/api/v1/app/{app_id}/destination';

export const destinationOperations = defineOperations('destinations', {
  'v1.destination.list': {
    method: 'GET',
    path,
    access: 'application',
    summary: 'List the destinations of an application',
    query: z.extend(listQuery, idIterator('endpoint')),
    answers: { 200: listOf('DestinationOut', destinationOut) },
  },
  'v1.destination.create': {
    method: 'POST',
    path,
    access: 'application',
    capability: 'ManageEndpoint',
    summary: 'Create a destination',
    body: destinationIn,
    // 400: the application has as many endpoints as it may have.
    answers: { 201: destinationOut, 400: problemOut },
    answerNames: { thing: 'endpoint', field: 'id' },
    // Headers are stored sealed, and the answer shows their values.
    sealAnswer: true,
  },
  'v1.destination.get': {
    method: 'GET',
    path: `${path}/{destination_id}`,
    access: 'application',
    summary: 'Get a destination',
    answers: { 200: destinationOut },
  },
  'v1.destination.update': {
    method: 'PUT',
    path: `${path}/{destination_id}`,
    access: 'application',
    capability: 'ManageEndpoint',
    summary: 'Replace a destination, or create it',
    body: destinationIn,
    // 400: as above, or the destination has too many secrets that still sign.
    answers: { 200: destinationOut, 201: destinationOut, 400: problemOut },
  },
  'v1.destination.patch': {
    method: 'PATCH',
    path: `${path}/{destination_id}`,
    access: 'application',
    capability: 'ManageEndpoint',
    summary: 'Change parts of a destination',
    body: destinationPatch,
    answers: { 200: destinationOut },
  },
  'v1.destination.skip': {
    method: 'POST',
    path: `${path}/{destination_id}/skip`,
    access: 'application',
    capability: 'ManageEndpoint',
    summary: 'Skip the first message of a group',
    body: headIn,
    answers: { 202: emptyOut },
    answerNames: 'nothing',
  },
  'v1.destination.retry': {
    method: 'POST',
    path: `${path}/{destination_id}/retry`,
    access: 'application',
    capability: 'CreateAttempts',
    summary: 'Attempt the first message of a group',
    body: headIn,
    answers: { 202: emptyOut },
    answerNames: 'nothing',
  },
  'v1.destination.delete': {
    method: 'DELETE',
    path: `${path}/{destination_id}`,
    access: 'application',
    capability: 'ManageEndpoint',
    summary: 'Delete a destination',
    answers: { 204: null },
  },
});
