import * as z from 'zod/mini';
import { component, described } from './documentation.ts';
import { endpointHeadersOut, endpointUrl } from './endpoint.ts';
import { channels, emptyOut, endpointUid, eventTypes, headers, instant, metadata } from './fields.ts';
import { defineOperations } from './operation.ts';
import { listOf, listQuery } from './paging.ts';

/**
 * A new endpoint in FIFO mode. Two members of its `metadata` are options: `orderBy`, a JSON path into the payload to
 * the ordering key (or `orderingKey`, for the key that the source of the message gave it), and `onExhausted` (`block` or
 * `skip`), what happens to the messages behind one whose retries are used up.
 */
export const destinationIn = component(
  'DestinationIn',
  z.object({
    type: z.literal('fifoEndpoint', { error: 'must be fifoEndpoint: other types are not supported' }),
    config: z.object({ url: endpointUrl, headers: z.nullish(headers), key: z.nullish(z.string()) }),
    uid: z.nullish(endpointUid),
    status: z.nullish(z.enum(['enabled', 'disabled'])),
    batchSize: z.nullish(z.literal(1, { error: 'must be absent or 1: batches are not supported yet' })),
    maxWaitSecs: z.nullish(z.literal(0, { error: 'must be absent or 0: batches are not supported yet' })),
    eventTypes: z.nullish(eventTypes),
    channels: z.nullish(z.union([channels, z.array(z.string()).check(z.maxLength(0))])),
    metadata: z.nullish(metadata),
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
      'paused: a group is blocked by its first message. retrying: a group waits for a retry.',
      z.enum(['enabled', 'paused', 'disabled', 'retrying']),
    ),
    currentIterator: described('Always empty: messages are pushed to a destination, not polled.', z.string()),
    failureReason: described(
      'The message that has blocked its group for the longest time, and why. null if no group is blocked.',
      z.nullable(z.string()),
    ),
    nextRetryAt: described(
      'The earliest planned retry, of the first 10,000 groups that wait. null if none of them waits for one.',
      z.nullable(instant),
    ),
    batchSize: described('Always 1: batches are not supported yet.', z.int()),
    maxWaitSecs: described('Always 0: batches are not supported yet.', z.int()),
    eventTypes: z.optional(z.array(z.string())),
    channels: z.optional(z.array(z.string())),
    metadata: z.record(z.string(), z.string()),
    createdAt: instant,
    updatedAt: instant,
  }),
);
export type DestinationOut = z.output<typeof destinationOut>;

/** A change of a destination. Other fields cannot be changed yet: a request with one is refused. */
const destinationPatch = component(
  'DestinationPatch',
  z.strictObject({ status: z.optional(z.enum(['enabled', 'disabled'])) }),
);

/** Which message a command is about. Without one: the first message of the group that has been blocked for the longest time. */
const headIn = component('DestinationHeadIn', z.strictObject({ msgId: z.nullish(z.string()) }));

const path = '/api/v1/app/{app_id}/destination';

export const destinationOperations = defineOperations('destinations', {
  'v1.destination.list': {
    method: 'GET',
    path,
    access: 'application',
    summary: 'List the destinations of an application',
    query: listQuery,
    answers: { 200: listOf('DestinationOut', destinationOut) },
  },
  'v1.destination.create': {
    method: 'POST',
    path,
    access: 'application',
    summary: 'Create a destination (an endpoint in FIFO mode)',
    body: destinationIn,
    answers: { 201: destinationOut },
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
  'v1.destination.patch': {
    method: 'PATCH',
    path: `${path}/{destination_id}`,
    access: 'application',
    summary: 'Enable or disable a destination',
    body: destinationPatch,
    answers: { 200: destinationOut },
  },
  'v1.destination.skip': {
    method: 'POST',
    path: `${path}/{destination_id}/skip`,
    access: 'application',
    summary: 'Skip the first message of a group',
    body: headIn,
    answers: { 202: emptyOut },
    answerNames: 'nothing',
  },
  'v1.destination.retry': {
    method: 'POST',
    path: `${path}/{destination_id}/retry`,
    access: 'application',
    summary: 'Attempt the first message of a group now',
    body: headIn,
    answers: { 202: emptyOut },
    answerNames: 'nothing',
  },
  'v1.destination.delete': {
    method: 'DELETE',
    path: `${path}/{destination_id}`,
    access: 'application',
    summary: 'Delete a destination',
    answers: { 204: null },
  },
});
